import { useRef } from 'react';
import { Dialog } from '../components/dialog';
import { Field } from '../components/field';
import { HideSecret } from '../components/hide-secret';
import { noPasswordManager } from '../components/no-password-manager';
import { ProblemAlert } from '../components/problem-alert';
import { useCreateKey } from '../data/keys';
import type { Draft } from '../data/place';
import { useSettings } from '../data/settings';
import { useProblem } from '../data/use-problem';
import type { CreatedKey, CreateInput, Owner } from '../types';
import { useCreateForm } from './create-form';
import { DescriptionField } from './description-field';
import { DialogButtons } from './dialog-buttons';
import { ExpiryField } from './expiry-field';
import { ScopesField } from './scopes-field';

export interface CreateDialogProps {
  readonly owner: Owner;
  readonly draft: Draft | undefined;
  readonly onChange: (draft: Draft) => void;
  /** Called before the request. Its result is called with the new key, also if the session has ended by then. */
  readonly onSubmit: () => (created: CreatedKey) => void;
  readonly onSignIn: (() => void) | undefined;
  readonly onClose: () => void;
}

/** Asks what a new key is called, how long it works and what it may do. */
export function CreateDialog({ owner, draft, onChange, onSubmit, onSignIn, onClose }: CreateDialogProps) {
  const { strings } = useSettings();
  const create = useCreateKey(owner);
  const problem = useProblem(create.error);
  const nameInput = useRef<HTMLInputElement>(null);
  // A second click can come before React disables the button.
  const sending = useRef(false);
  const send = (input: CreateInput) => {
    if (sending.current) return;
    sending.current = true;
    const onCreated = onSubmit();
    // Not a callback of `mutate`: that one is not called if this dialog is gone.
    create
      .mutateAsync(input)
      .then(onCreated, () => nameInput.current?.focus())
      .finally(() => {
        sending.current = false;
      });
  };
  const form = useCreateForm({ draft, problem, isPending: create.isPending, onChange, onSubmit: send });
  const submit: typeof form.submit = (event) => {
    form.submit(event);
    nameInput.current?.form?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  };
  return (
    <Dialog title={strings.createTitle} dismissible={!create.isPending} onClose={onClose}>
      <form className="sk-form" onSubmit={submit} noValidate>
        <Field label={strings.name} hint={strings.nameHint} error={form.errors.name}>
          {(ids) => (
            <input
              {...ids}
              ref={nameInput}
              className="sk-input"
              data-focus
              dir="auto"
              placeholder={strings.namePlaceholder}
              spellCheck={false}
              value={form.draft.name}
              onChange={(event) => form.change({ name: event.target.value })}
              onBlur={() => form.draft.name !== '' && form.leave('name')}
              {...noPasswordManager}
            />
          )}
        </Field>
        <DescriptionField
          value={form.draft.description}
          error={form.errors.description}
          onChange={(description) => form.change({ description })}
        />
        <ExpiryField
          choice={form.draft.expiry}
          date={form.draft.date}
          expiry={form.expiry}
          showsErrors={form.left.has('expiresAt')}
          error={form.errors.expiresAt}
          onChange={(expiry, date) => form.change({ expiry, date })}
          onLeave={() => form.leave('expiresAt')}
        />
        <ScopesField
          value={form.draft.scopes}
          error={form.errors.scopes}
          onChange={(scopes) => form.change({ scopes })}
        />
        {!problem?.field && <ProblemAlert problem={problem} onSignIn={onSignIn} />}
        <HideSecret />
        <DialogButtons
          label={create.isPending ? strings.creating : strings.create}
          isPending={create.isPending}
          disabled={problem?.waiting}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}
