import { useRef, useState } from 'react';
import { ApiKeys } from '../../packages/react';
import { createSessionClient } from './api';
import { apiUrl } from './settings';
import type { Session } from './sign-in/session';

/** The page of a signed-in user: a bar, and the component that does the rest. */
export function SignedIn({ session }: { readonly session: Session }) {
  // The client is created once but must use the latest session, so each call reads the token through the ref.
  const latestSession = useRef(session);
  latestSession.current = session;
  const [client] = useState(() => createSessionClient(() => latestSession.current.getToken()));
  const { userId, userName, organization, rules, signOut } = session;
  return (
    <>
      <header className="top">
        <span className="brand">Satori Keys</span>
        <span className="user" dir="auto">
          {userName}
        </span>
        <button type="button" onClick={signOut}>
          Sign out
        </button>
      </header>
      <main>
        <ApiKeys
          client={client}
          apiUrl={apiUrl}
          userId={userId}
          organization={organization}
          scopes={rules.scopes}
          maxLifetimeDays={rules.maxKeyLifetimeDays}
          onSignIn={signOut}
          headingLevel={1}
        />
      </main>
    </>
  );
}
