import { useSettings } from '../data/settings';
import type { Owner } from '../types';

export interface OwnerSwitchProps {
  readonly owner: Owner;
  readonly onChange: (owner: Owner) => void;
}

/** Chooses between the user's own keys and those of the organization that is active in the session. */
export function OwnerSwitch({ owner, onChange }: OwnerSwitchProps) {
  const { strings, organization } = useSettings();
  if (!organization) return null;
  const option = (value: Owner, label: string) => (
    <button type="button" className="sk-switch-option" aria-pressed={owner === value} onClick={() => onChange(value)}>
      <span dir="auto">{label}</span>
    </button>
  );
  return (
    <fieldset className="sk-switch" aria-label={strings.owner}>
      {option('user', strings.personal)}
      {option('organization', organization.name)}
    </fieldset>
  );
}
