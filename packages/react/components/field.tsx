import { type ReactNode, useId } from 'react';
import { useSettings } from '../data/settings';

/** The attributes that connect an input with its label, hint and error. */
export interface FieldIds {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean | undefined;
}

export interface FieldProps {
  readonly label: string;
  readonly optional?: boolean;
  readonly hint?: string | undefined;
  /** Why the value cannot be used. It replaces the hint. */
  readonly error?: string | undefined;
  readonly children: (ids: FieldIds) => ReactNode;
}

/** An input with its label above and its hint or error below. */
export function Field({ label, optional = false, hint, error, children }: FieldProps) {
  const { strings } = useSettings();
  const id = useId();
  const text = error ?? hint;
  return (
    <div className="sk-field">
      <label className="sk-label" htmlFor={id}>
        {label}
        {optional && <span className="sk-optional"> {strings.optional}</span>}
      </label>
      {children({ id, 'aria-describedby': text ? `${id}h` : undefined, 'aria-invalid': error ? true : undefined })}
      <FieldText id={`${id}h`} hint={hint} error={error} />
    </div>
  );
}

/** The hint or error of a field. Screen readers read an error out when it appears. */
export function FieldText({ id, hint, error }: { id: string; hint?: string | undefined; error?: string | undefined }) {
  return (
    <p id={id} className={error ? 'sk-hint sk-error' : 'sk-hint'} aria-live="polite">
      {error ?? hint}
    </p>
  );
}
