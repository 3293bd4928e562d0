import { useId } from 'react';
import { noPasswordManager } from './no-password-manager';

export interface CheckboxProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** A checkbox with its label beside it and its hint below. */
export function Checkbox({ label, hint, checked, onChange }: CheckboxProps) {
  const id = useId();
  return (
    <div className="sk-choice">
      <input
        type="checkbox"
        className="sk-check"
        id={id}
        aria-describedby={hint ? `${id}h` : undefined}
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        {...noPasswordManager}
      />
      <div>
        <label className="sk-choice-label" htmlFor={id}>
          {label}
        </label>
        {hint && (
          <p id={`${id}h`} className="sk-hint">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
