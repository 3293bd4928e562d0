import { type FormEvent, useId, useState } from 'react';
import { keyName } from '../../../lambda/api/keys/name';
import { Modal } from '../parts/modal';
import { ProblemAlert } from '../parts/problem-alert';
import { useProblem } from '../parts/use-problem';
import { asSentence } from '../words/problem';

/** As much of the mutation as the form needs. */
export interface Creation {
  readonly isPending: boolean;
  readonly error: unknown;
  readonly variables: { readonly name: string } | undefined;
  mutate(input: { name: string }): void;
  reset(): void;
}

/** Asks for a name, by the server's own schema as it is typed. */
export function CreateDialog({ create, onClose }: { create: Creation; onClose: () => void }) {
  const [name, setName] = useState('');
  const [touched, setTouched] = useState(false);
  const messageId = useId();
  const checked = keyName.safeParse(name);
  const mistake =
    touched && !checked.success ? asSentence(checked.error.issues[0]?.message ?? '') : undefined;
  const problem = useProblem(create.error, create.variables?.name);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (checked.success && !create.isPending && !problem?.waiting) create.mutate({ name: checked.data });
  };
  const change = (value: string) => {
    setName(value);
    setTouched(true);
    // A limit goes on whatever the name is; anything else was about the last try.
    if (create.error && !problem?.waiting) create.reset();
  };
  return (
    <Modal
      title="Create a key"
      description="Name it after the program that will hold it."
      dismissible={!create.isPending}
      onClose={onClose}
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
          <button type="button" className="secondary" disabled={create.isPending} onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={create.isPending || problem?.waiting}>
            {create.isPending ? 'Creating…' : 'Create'}
          </button>
        </div>
      </form>
    </Modal>
  );
}
