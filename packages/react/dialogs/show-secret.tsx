import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { type Settings, SettingsContext } from '../data/settings';
import { applyTheme, type Theme } from '../data/theme';
import { type NewSecret, SecretDialog } from './secret-dialog';

/**
 * Opens the secret dialog outside of the component's tree. It stays open if the session ends, for example because the
 * user signs out in another tab. Closing it unmounts its root, so that React keeps no copy of the secret.
 * @param theme of the component.
 */
export function showSecret(shown: NewSecret, settings: Settings, theme: Theme, onClosed: () => void): void {
  const place = document.body.appendChild(document.createElement('div'));
  place.className = 'satori-keys sk-outside';
  applyTheme(place, theme);
  const root = createRoot(place);
  const close = () => {
    root.unmount();
    place.remove();
    onClosed();
  };
  root.render(
    <StrictMode>
      <SettingsContext.Provider value={settings}>
        <SecretDialog shown={shown} onClose={close} />
      </SettingsContext.Provider>
    </StrictMode>,
  );
}
