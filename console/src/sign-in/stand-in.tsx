import { useCallback, useEffect, useState } from 'react';
import { english } from '../../../packages/react';
import { toProblem } from '../../../packages/react/text/problem';
import { SignedIn } from '../signed-in';
import { fetchStandIn, fetchToken, NoStandIn, type StandIn, type StandInUser, signedInUser } from './stand-in-users';

/** Signs users in at the local stand-in for Clerk. */
export function StandInSignIn() {
  const [standIn, setStandIn] = useState<StandIn>();
  const [error, setError] = useState<unknown>();
  const [userId, setUserId] = useState(signedInUser.read);
  const load = useCallback(() => {
    setError(undefined);
    fetchStandIn().then(setStandIn, setError);
  }, []);
  useEffect(load, [load]);
  const select = (id: string | undefined) => {
    signedInUser.write(id);
    setUserId(id);
  };
  const user = standIn?.users.find(({ id }) => id === userId);
  if (!standIn || !user) return <UserList standIn={standIn} error={error} onRetry={load} onSelect={select} />;
  const { id, name, organization } = user;
  const session = {
    userId: id,
    userName: name,
    organization: organization && { name: organization.name, canManage: organization.role === 'admin' },
    rules: standIn.rules,
    getToken: () => fetchToken(user),
    signOut: () => select(undefined),
  };
  return <SignedIn key={id} session={session} />;
}

interface UserListProps {
  readonly standIn: StandIn | undefined;
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly onSelect: (id: string) => void;
}

function UserList({ standIn, error, onRetry, onSelect }: UserListProps) {
  return (
    <main className="sign-in">
      <h1>Sign in</h1>
      {standIn && <p className="quiet">Clerk is simulated on your machine. No account or password is needed.</p>}
      {!standIn && !error && <p role="status">Loading…</p>}
      {error instanceof NoStandIn && <MissingPublishableKey />}
      {Boolean(error) && !(error instanceof NoStandIn) && (
        <>
          <p className="alert" role="alert">
            {toProblem(error, english).message}
          </p>
          <button type="button" onClick={onRetry}>
            Try again
          </button>
        </>
      )}
      {standIn?.users.map((user: StandInUser) => (
        <button key={user.id} type="button" onClick={() => onSelect(user.id)}>
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
