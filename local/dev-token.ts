import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SessionTokens } from './clerk/session-tokens';

/** Who is signed in where nobody else is named. */
export const defaultUser = 'user_2kLocalDeveloper00000000001';

/** How long a token from here lives, in seconds; Clerk's own live 60. */
const lifetime = 3600;

export const devToken = (sessions: SessionTokens, user = defaultUser): string =>
  sessions.sign(user, lifetime);

/**
 * `GET /dev/token?user=user_…`: a session token as plain text, for trying the API without a sign-in page.
 * @returns whether the request was for it.
 */
export function answerDevToken(
  sessions: SessionTokens,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const url = new URL(`http://localhost${request.url}`);
  if (request.method !== 'GET' || url.pathname !== '/dev/token') return false;
  const user = url.searchParams.get('user') ?? defaultUser;
  const known = /^user_\w{27}$/.test(user);
  response.writeHead(known ? 200 : 400, { 'content-type': 'text/plain', 'cache-control': 'no-store' });
  response.end(
    known ? devToken(sessions, user) : 'user is user_ and 27 letters, digits or _, as Clerk has them\n',
  );
  return true;
}
