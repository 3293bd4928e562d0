import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from '../api';
import { type CreatedKey, SecretDialog } from './secret-dialog';

/**
 * Opens the secret dialog outside the tree of the session. It stays open if the session ends meanwhile, for example
 * because the user signs out in another tab. Closing it unmounts its root, so that React keeps no copy of the secret.
 */
export function showSecret(created: CreatedKey, restoreFocus: () => void): void {
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  root.render(
    <StrictMode>
      <QueryClientProvider client={createQueryClient()}>
        <SecretDialog created={created} onClose={() => root.unmount()} restoreFocus={restoreFocus} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
