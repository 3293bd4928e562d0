import { useId } from 'react';
import { Checkbox } from '../components/checkbox';
import { useSettings } from '../data/settings';

export interface ScopesFieldProps {
  readonly value: readonly string[];
  readonly error?: string | undefined;
  readonly onChange: (scopes: string[]) => void;
}

/** The stage's scopes and what each allows. Shows nothing if the stage has none. */
export function ScopesField({ value, error, onChange }: ScopesFieldProps) {
  const { scopes, strings } = useSettings();
  const id = useId();
  // A scope that the stage no longer has can be taken away from a key.
  const names = [...new Set([...Object.keys(scopes), ...value])];
  if (names.length === 0) return null;
  return (
    <fieldset className="sk-field sk-group" aria-describedby={`${id}h`}>
      <legend className="sk-label">{strings.scopes}</legend>
      <p id={`${id}h`} className={error ? 'sk-hint sk-error' : 'sk-hint'} aria-live="polite">
        {error ?? strings.scopesHint}
      </p>
      <div className="sk-choices">
        {names.map((name) => (
          <Checkbox
            key={name}
            label={name}
            hint={scopes[name]}
            checked={value.includes(name)}
            onChange={(checked) => onChange(names.filter((n) => (n === name ? checked : value.includes(n))))}
          />
        ))}
      </div>
    </fieldset>
  );
}
