import { Dialog } from '../components/dialog';
import { ProblemAlert } from '../components/problem-alert';
import { useRevokeKey } from '../data/keys';
import { useSettings } from '../data/settings';
import { useProblem } from '../data/use-problem';
import type { ListedKey, Owner } from '../types';
import { DialogButtons } from './dialog-buttons';

export interface RevokeDialogProps {
  readonly owner: Owner;
  readonly revoked: ListedKey;
  readonly onDone: () => void;
  readonly onSignIn: (() => void) | undefined;
  readonly onClose: () => void;
}

/** Asks for confirmation and revokes a key. */
export function RevokeDialog({ owner, revoked, onDone, onSignIn, onClose }: RevokeDialogProps) {
  const { strings } = useSettings();
  const revoke = useRevokeKey(owner);
  const problem = useProblem(revoke.error);
  const text = revoked.enabled ? `${strings.revokeText} ${strings.revokeInstead}` : strings.revokeText;
  return (
    <Dialog
      role="alertdialog"
      title={strings.revokeTitle(revoked.name)}
      description={text}
      dismissible={!revoke.isPending}
      onClose={onClose}
    >
      <ProblemAlert problem={problem} onSignIn={onSignIn} />
      <DialogButtons
        danger
        label={revoke.isPending ? strings.revoking : strings.revoke}
        isPending={revoke.isPending}
        disabled={problem?.waiting}
        onCancel={onClose}
        onConfirm={() => revoke.mutate(revoked.id, { onSuccess: onDone })}
      />
    </Dialog>
  );
}
