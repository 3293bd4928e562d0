import { useCallback, useEffect, useState } from 'react';
import { SignedIn } from '../signed-in';
import { chosenUser, fetchToken, fetchUsers, NoStandIn, type StandInUser } from './stand-in-users';

/** Signing in where Clerk is a stand-in: choose who you are. */
export function StandInSignIn() {
  const [user, setUser] = useState(chosenUser.read);
  const choose = (chosen: StandInUser | undefined) => {
    chosenUser.write(chosen);
    setUser(chosen);
  };
  if (!user) return <Users onChoose={choose} />;
  const session = {
    userId: user.id,
    userName: user.name,
    getToken: () => fetchToken(user.id),
    signOut: () => choose(undefined),
  };
  return <SignedIn key={user.id} session={session} />;
}

function Users({ onChoose }: { onChoose: (user: StandInUser) => void }) {
  const [users, setUsers] = useState<StandInUser[]>();
  const [error, setError] = useState<unknown>();
  const ask = useCallback(() => {
    setError(undefined);
    fetchUsers().then(setUsers, setError);
  }, []);
  useEffect(ask, [ask]);
  return (
    <main className="sign-in">
      <h1>Sign in</h1>
      {users && <p className="quiet">Clerk is a stand-in here: no password, no account.</p>}
      {!users && !error && <p role="status">Loading</p>}
      {error instanceof NoStandIn && <HowToConnectClerk />}
      {Boolean(error) && !(error instanceof NoStandIn) && (
        <>
          <p className="problem" role="alert">
            The API did not answer. Is npm start running?
          </p>
          <button type="button" onClick={ask}>
            Try again
          </button>
        </>
      )}
      {users?.map((user) => (
        <button key={user.id} type="button" className="primary" onClick={() => onChoose(user)}>
          Continue as {user.name}
        </button>
      ))}
    </main>
  );
}

function HowToConnectClerk() {
  return (
    <p className="problem" role="alert">
      The API is connected to your Clerk instance; this page is not yet. Start it again with
      VITE_CLERK_PUBLISHABLE_KEY in the environment: API keys in the Clerk dashboard has it.
    </p>
  );
}
