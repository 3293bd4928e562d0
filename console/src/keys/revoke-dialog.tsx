import * as AlertDialog from '@radix-ui/react-alert-dialog';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ListedKey, useTRPC } from '../api';
import { ProblemAlert } from '../parts/problem-alert';
import { useProblem } from '../parts/use-problem';

export interface RevokeDialogProps {
  readonly listedKey: ListedKey;
  /** Called with the key once it is revoked, without it when it stays. */
  readonly onClose: (revoked?: ListedKey) => void;
  /** Puts the focus somewhere once the dialog is closed. */
  readonly focusAfterwards: () => void;
}

/** Asks before a key ends. The row goes when the service has answered, not before: until then the key may work. */
export function RevokeDialog({ listedKey, onClose, focusAfterwards }: RevokeDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    trpc.keys.revoke.mutationOptions({
      onSuccess: async () => {
        // The list may be a moment late, so no answer that is on its way may bring the key back.
        await queryClient.cancelQueries(trpc.keys.list.queryFilter());
        queryClient.setQueryData(trpc.keys.list.queryKey(), (keys) =>
          keys?.filter(({ id }) => id !== listedKey.id),
        );
        onClose(listedKey);
      },
    }),
  );
  const problem = useProblem(revoke.error);
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && !revoke.isPending && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="overlay" />
        <AlertDialog.Content
          className="dialog"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            focusAfterwards();
          }}
        >
          <AlertDialog.Title>Revoke "{listedKey.name}"?</AlertDialog.Title>
          <AlertDialog.Description>
            Programs that use this key will be refused at once. This cannot be undone.
          </AlertDialog.Description>
          <ProblemAlert problem={problem} />
          <div className="buttons">
            <AlertDialog.Cancel className="secondary" disabled={revoke.isPending}>
              Cancel
            </AlertDialog.Cancel>
            <button
              type="button"
              className="primary danger"
              disabled={revoke.isPending || problem?.waiting}
              onClick={() => revoke.mutate({ id: listedKey.id })}
            >
              {revoke.isPending ? 'Revoking…' : 'Revoke key'}
            </button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
