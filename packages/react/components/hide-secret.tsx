import { useState } from 'react';
import { useSettings } from '../data/settings';
import { hidesSecrets } from '../data/stored';
import { Checkbox } from './checkbox';

/** Asks whether the secret that comes next is hidden until the user shows it. */
export function HideSecret() {
  const { strings } = useSettings();
  const [hides, setHides] = useState(() => hidesSecrets.read() ?? false);
  const change = (checked: boolean) => {
    setHides(checked);
    hidesSecrets.write(checked || undefined);
  };
  return <Checkbox label={strings.hideSecret} hint={strings.hideSecretHint} checked={hides} onChange={change} />;
}
