import { ClerkProvider, SignIn, useAuth, useUser } from '@clerk/react';
import { publishableKey } from '../settings';
import { SignedIn } from '../signed-in';

/** Signs users in with Clerk. Telemetry would need one more host in the Content-Security-Policy. */
export default function ClerkSignIn() {
  return (
    <ClerkProvider publishableKey={publishableKey ?? ''} telemetry={false}>
      <ClerkSession />
    </ClerkProvider>
  );
}

function ClerkSession() {
  const { isLoaded, isSignedIn, userId, getToken, signOut } = useAuth();
  const { user } = useUser();
  if (!isLoaded) return <p role="status">Loading…</p>;
  if (!isSignedIn) {
    return (
      <main className="sign-in">
        <h1>Sign in</h1>
        <SignIn routing="hash" />
      </main>
    );
  }
  const session = {
    userId,
    userName: user?.fullName ?? user?.primaryEmailAddress?.emailAddress ?? 'You',
    getToken: () => getToken(),
    signOut: () => void signOut(),
  };
  return <SignedIn key={userId} session={session} />;
}
