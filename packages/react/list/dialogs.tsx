import type { Draft, OpenDialog } from '../data/place';
import { CreateDialog } from '../dialogs/create-dialog';
import { DetailsDialog } from '../dialogs/details-dialog';
import { EditDialog } from '../dialogs/edit-dialog';
import { RevokeDialog } from '../dialogs/revoke-dialog';
import { RotateDialog } from '../dialogs/rotate-dialog';
import { UsageDialog } from '../dialogs/usage-dialog';
import type { CreatedKey, ListedKey, Owner, RotatedKey } from '../types';

export interface DialogsProps {
  readonly owner: Owner;
  readonly dialog: OpenDialog | undefined;
  readonly keys: readonly ListedKey[] | undefined;
  readonly onDraft: (draft: Draft) => void;
  readonly onCreate: () => (created: CreatedKey) => void;
  readonly onRotate: (listed: ListedKey) => (rotated: RotatedKey) => void;
  readonly onEdited: (before: ListedKey) => void;
  readonly onRevoked: (listed: ListedKey) => void;
  readonly onSignIn: (() => void) | undefined;
  readonly onClose: () => void;
}

/** The dialog that is open. The dialog of a key opens as soon as the list has the key. */
export function Dialogs(props: DialogsProps) {
  const { owner, dialog, keys, onDraft, onCreate, onRotate, onEdited, onRevoked, onSignIn, onClose } = props;
  const always = { owner, onSignIn, onClose };
  if (dialog?.kind === 'create') {
    return <CreateDialog {...always} draft={dialog.draft} onChange={onDraft} onSubmit={onCreate} />;
  }
  const listed = keys?.find(({ id }) => id === dialog?.id);
  if (!dialog || !listed) return null;
  switch (dialog.kind) {
    case 'edit':
      return <EditDialog {...always} edited={listed} onDone={() => onEdited(listed)} />;
    case 'rotate':
      return <RotateDialog {...always} rotated={listed} onSubmit={() => onRotate(listed)} />;
    case 'revoke':
      return <RevokeDialog {...always} revoked={listed} onDone={() => onRevoked(listed)} />;
    case 'details':
      return <DetailsDialog {...always} listed={listed} />;
    case 'usage':
      return <UsageDialog {...always} used={listed} />;
  }
}
