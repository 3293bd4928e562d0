import { type FormEvent, useId, useState } from 'react';
import { keyName } from '../../../lambda/keys/name';
import { Modal } from '../components/modal';
import { noPasswordManager } from '../components/no-password-manager';
import { ProblemAlert } from '../components/problem-alert';
import { useProblem } from '../hooks/use-problem';
import { asSentence } from '../text/problem';

/** The parts of the `keys.create` mutation that the form uses. */
export interface CreateMutation {
  readonly isPending: boolean;
  readonly error: unknown;
  reset(): void;
}

export interface CreateDialogProps {
  readonly initialName: string;
  /** Called with the name on each change. */
  readonly onChange: (name: string) => void;
  readonly mutation: CreateMutation;
  readonly onSubmit: (input: { readonly name: string }) => void;
  readonly onClose: () => void;
  readonly restoreFocus: () => void;
}

/** Asks for the name of a new key and validates it with the server's schema on each change. */
export function CreateDialog({ initialName, mutation, onChange, onSubmit, onClose, restoreFocus }: CreateDialogProps) {
  const [name, setName] = useState(initialName);
  const [touched, setTouched] = useState(false);
  const hintId = useId();
  const result = keyName.safeParse(name);
  const nameError = touched && !result.success ? asSentence(result.error.issues[0]?.message ?? '') : undefined;
  const problem = useProblem(mutation.error);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (result.success && !mutation.isPending && !problem?.waiting) onSubmit({ name: result.data });
  };
  const change = (value: string) => {
    setName(value);
    onChange(value);
    setTouched(true);
    // A new name clears the error of the previous attempt. A rate limit applies to any name, so it stays.
    if (mutation.error && !problem?.waiting) mutation.reset();
  };
  return (
    <Modal
      title="Create a key"
      description="Name the key after the program that will use it."
      dismissible={!mutation.isPending}
      onClose={onClose}
      // On success, this dialog unmounts while `isPending` is still true. The secret dialog then takes the focus.
      restoreFocus={() => !mutation.isPending && restoreFocus()}
    >
      <form onSubmit={submit} noValidate>
        <label>
          Name
          <input
            value={name}
            onChange={(event) => change(event.target.value)}
            aria-invalid={nameError !== undefined}
            aria-describedby={hintId}
            {...noPasswordManager}
            spellCheck={false}
            dir="auto"
            placeholder="Production server"
          />
        </label>
        <p id={hintId} className={nameError ? 'hint error' : 'hint'} aria-live="polite">
          {nameError ?? '3 to 100 characters.'}
        </p>
        <ProblemAlert problem={problem} />
        <div className="buttons">
          <button type="button" className="secondary" disabled={mutation.isPending} onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={mutation.isPending || problem?.waiting}>
            {mutation.isPending ? 'Creating…' : 'Create'}
          </button>
        </div>
      </form>
    </Modal>
  );
}
