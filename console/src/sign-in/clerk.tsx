import { ClerkProvider, SignIn, useAuth, useClerk, useUser } from '@clerk/react';
import { publishableKey, stageRules } from '../settings';
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
  const { isLoaded, isSignedIn, userId, orgId, getToken, signOut } = useAuth();
  const { user } = useUser();
  // useOrganization would ask to enable organizations in an instance without them.
  const { organization } = useClerk();
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
    // Which roles may change keys is a value of the stage. The API refuses the others.
    organization: orgId && organization ? { name: organization.name } : undefined,
    rules: stageRules,
    getToken: () => getToken(),
    signOut: () => void signOut(),
  };
  return <SignedIn key={userId} session={session} />;
}
