import { useState } from 'react';
import { Dialog } from '../components/dialog';
import { ProblemAlert } from '../components/problem-alert';
import { useUpdateKey } from '../data/keys';
import { useSettings } from '../data/settings';
import { useProblem } from '../data/use-problem';
import type { ListedKey, Owner } from '../types';
import { DescriptionField, isTooLong } from './description-field';
import { DialogButtons } from './dialog-buttons';
import { ScopesField } from './scopes-field';

export interface EditDialogProps {
  readonly owner: Owner;
  readonly edited: ListedKey;
  readonly onDone: () => void;
  readonly onSignIn: (() => void) | undefined;
  readonly onClose: () => void;
}

/** Changes the description and the scopes of a key. */
export function EditDialog({ owner, edited, onDone, onSignIn, onClose }: EditDialogProps) {
  const { strings } = useSettings();
  const [description, setDescription] = useState(edited.description ?? '');
  const [scopes, setScopes] = useState<string[]>([...edited.scopes]);
  const update = useUpdateKey(owner);
  const problem = useProblem(update.error);
  const errorOf = (field: string) => (problem?.field === field ? problem.message : undefined);
  return (
    <Dialog
      title={strings.editTitle(edited.name)}
      description={strings.editText}
      dismissible={!update.isPending}
      onClose={onClose}
    >
      <form
        className="sk-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isTooLong(description) || problem?.waiting) return;
          update.mutate({ id: edited.id, description, scopes }, { onSuccess: onDone });
        }}
      >
        <DescriptionField focus value={description} error={errorOf('description')} onChange={setDescription} />
        <ScopesField value={scopes} error={errorOf('scopes')} onChange={setScopes} />
        {!problem?.field && <ProblemAlert problem={problem} onSignIn={onSignIn} />}
        <DialogButtons
          label={update.isPending ? strings.saving : strings.save}
          isPending={update.isPending}
          disabled={problem?.waiting}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}
