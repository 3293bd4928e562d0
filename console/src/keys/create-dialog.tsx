import { type FormEvent, useId, useState } from 'react';
import { keyName } from '../../../lambda/keys/name';
import { Modal } from '../parts/modal';
import { ProblemAlert } from '../parts/problem-alert';
import { useProblem } from '../parts/use-problem';
import { asSentence } from '../words/problem';

/** As much of the mutation as the form needs. */
export interface Creation {
  readonly isPending: boolean;
  readonly error: unknown;
  readonly variables: { readonly name: string } | undefined;
  reset(): void;
}

export interface CreateDialogProps {
  readonly creation: Creation;
  readonly onAsk: (input: { readonly name: string }) => void;
  readonly onClose: () => void;
  readonly focusAfterwards: () => void;
}

/** Asks for a name, by the server's own schema as it is typed. */
export function CreateDialog({ creation, onAsk, onClose, focusAfterwards }: CreateDialogProps) {
  const [name, setName] = useState('');
  const [touched, setTouched] = useState(false);
  const messageId = useId();
  const checked = keyName.safeParse(name);
  const mistake =
    touched && !checked.success ? asSentence(checked.error.issues[0]?.message ?? '') : undefined;
  const problem = useProblem(creation.error, creation.variables?.name);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (checked.success && !creation.isPending && !problem?.waiting) onAsk({ name: checked.data });
  };
  const change = (value: string) => {
    setName(value);
    setTouched(true);
    // A limit goes on whatever the name is; anything else was about the last try.
    if (creation.error && !problem?.waiting) creation.reset();
  };
  return (
    <Modal
      title="Create a key"
      description="Name it after the program that will hold it."
      dismissible={!creation.isPending}
      onClose={onClose}
      // What takes the place of one that is waiting is the secret's, which has the focus.
      focusAfterwards={() => !creation.isPending && focusAfterwards()}
    >
      <form onSubmit={submit} noValidate>
        <label>
          Name
          <input
            value={name}
            onChange={(event) => change(event.target.value)}
            aria-invalid={mistake !== undefined}
            aria-describedby={messageId}
            autoComplete="off"
            spellCheck={false}
            dir="auto"
            placeholder="Production server"
          />
        </label>
        <p id={messageId} className={mistake ? 'hint mistake' : 'hint'} aria-live="polite">
          {mistake ?? '3 to 100 characters.'}
        </p>
        <ProblemAlert problem={problem} />
        <div className="buttons">
          <button type="button" className="secondary" disabled={creation.isPending} onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={creation.isPending || problem?.waiting}>
            {creation.isPending ? 'Creating…' : 'Create'}
          </button>
        </div>
      </form>
    </Modal>
  );
}
