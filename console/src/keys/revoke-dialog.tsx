import * as AlertDialog from '@radix-ui/react-alert-dialog';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ListedKey, useTRPC } from '../api';
import { ProblemAlert } from '../components/problem-alert';
import { useProblem } from '../hooks/use-problem';

export interface RevokeDialogProps {
  readonly listedKey: ListedKey;
  /** Receives the key if it was revoked, or nothing if the user canceled. */
  readonly onClose: (revoked?: ListedKey) => void;
  /** Moves the focus after the dialog closes. */
  readonly restoreFocus: () => void;
}

/** Asks for confirmation and revokes a key. The row stays until the API responds: the key may work until then. */
export function RevokeDialog({ listedKey, onClose, restoreFocus }: RevokeDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    trpc.keys.revoke.mutationOptions({
      onSuccess: async () => {
        // A pending list request can still return the revoked key. Cancel it and remove the key from the cached list.
        await queryClient.cancelQueries(trpc.keys.list.queryFilter());
        queryClient.setQueryData(trpc.keys.list.queryKey(), (keys) => keys?.filter(({ id }) => id !== listedKey.id));
        onClose(listedKey);
      },
    }),
  );
  const problem = useProblem(revoke.error);
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && !revoke.isPending && onClose()}>
      <AlertDialog.Portal>
        <div className="overlay" />
        <AlertDialog.Content
          className="dialog"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            restoreFocus();
          }}
        >
          <AlertDialog.Title>Revoke "{listedKey.name}"?</AlertDialog.Title>
          <AlertDialog.Description>
            Programs that use this key will lose access immediately. This cannot be undone.
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
