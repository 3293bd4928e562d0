import { QueryClientProvider } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { createQueryClient, createSessionClient, TRPCProvider } from './api';
import { KeysPage } from './keys/keys-page';
import { type Session, SessionContext } from './sign-in/session';

/** The app of a signed-in user. Each session has its own API client and query cache. */
export function SignedIn({ session }: { session: Session }) {
  // The client is created once but must use the latest session, so each call reads the token through the ref.
  const latestSession = useRef(session);
  latestSession.current = session;
  const [queryClient] = useState(createQueryClient);
  const [trpcClient] = useState(() => createSessionClient(() => latestSession.current.getToken()));
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        <header className="top">
          <span className="brand">Satori Keys</span>
          <span className="user">{session.userName}</span>
          <button type="button" className="secondary" onClick={session.signOut}>
            Sign out
          </button>
        </header>
        <SessionContext value={session}>
          <KeysPage userId={session.userId} />
        </SessionContext>
      </TRPCProvider>
    </QueryClientProvider>
  );
}
