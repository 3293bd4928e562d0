import { QueryClientProvider } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { createQueryClient, createSessionClient, TRPCProvider } from './api';
import { KeysPage } from './keys/keys-page';
import type { Session } from './sign-in/session';

/** The page of one session: its own client and its own memory, which go with it. */
export function SignedIn({ session }: { session: Session }) {
  // The client is made once; a token is asked for at each call, of the session as it is then.
  const current = useRef(session);
  current.current = session;
  const [queryClient] = useState(createQueryClient);
  const [trpcClient] = useState(() => createSessionClient(() => current.current.getToken()));
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        <header className="top">
          <span className="brand">Satori Keys</span>
          <span className="who">{session.userName}</span>
          <button type="button" className="secondary" onClick={session.signOut}>
            Sign out
          </button>
        </header>
        <KeysPage onSignInAgain={session.signOut} />
      </TRPCProvider>
    </QueryClientProvider>
  );
}
