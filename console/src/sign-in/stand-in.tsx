import { useCallback, useEffect, useState } from 'react';
import { SignedIn } from '../signed-in';
import { ConnectionError } from '../text/connection';
import { fetchToken, fetchUsers, NoStandIn, type StandInUser, selectedUser } from './stand-in-users';

/** Signs users in at the local stand-in for Clerk. */
export function StandInSignIn() {
  const [user, setUser] = useState(selectedUser.read);
  const select = (selected: StandInUser | undefined) => {
    selectedUser.write(selected);
    setUser(selected);
  };
  if (!user) return <UserList onSelect={select} />;
  const session = {
    userId: user.id,
    userName: user.name,
    getToken: () => fetchToken(user.id),
    signOut: () => select(undefined),
  };
  return <SignedIn key={user.id} session={session} />;
}

function UserList({ onSelect }: { onSelect: (user: StandInUser) => void }) {
  const [users, setUsers] = useState<StandInUser[]>();
  const [error, setError] = useState<unknown>();
  const load = useCallback(() => {
    setError(undefined);
    fetchUsers().then(setUsers, setError);
  }, []);
  useEffect(load, [load]);
  return (
    <main className="sign-in">
      <h1>Sign in</h1>
      {users && <p className="muted">Clerk is simulated locally. No account or password is needed.</p>}
      {!users && !error && <p role="status">Loading…</p>}
      {error instanceof NoStandIn && <MissingPublishableKey />}
      {Boolean(error) && !(error instanceof NoStandIn) && (
        <>
          <p className="alert" role="alert">
            {error instanceof ConnectionError
              ? error.message
              : 'Could not load the users. Check that npm start is running.'}
          </p>
          <button type="button" onClick={load}>
            Try again
          </button>
        </>
      )}
      {users?.map((user) => (
        <button key={user.id} type="button" className="primary" onClick={() => onSelect(user)}>
          Continue as {user.name}
        </button>
      ))}
    </main>
  );
}

function MissingPublishableKey() {
  return (
    <p className="alert" role="alert">
      The API is connected to a Clerk instance, but this page is not. Set VITE_CLERK_PUBLISHABLE_KEY to the publishable
      key from the Clerk dashboard, then restart.
    </p>
  );
}
