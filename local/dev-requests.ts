import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StandIn } from './clerk-instance';

/** The user who is signed in if a request names none. */
export const defaultUser = 'user_2kLocalDeveloper00000000001';

/** The users that the console page offers for sign-in. */
const users = [
  { id: defaultUser, name: 'Ada' },
  { id: 'user_2kAnotherDeveloper000000002', name: 'Grace' },
];

/** The lifetime of a token from /dev/token, in seconds. Clerk's own session tokens live 60 s. */
const lifetime = 3600;

/** `nosniff` keeps a page of another origin from loading a token as a script. */
const noStore = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export const devToken = ({ sessions }: StandIn, user = defaultUser): string => sessions.sign(user, lifetime);

/**
 * Answers requests that exist only in the local service:
 * - `GET /dev/users` lists the users that the console page can sign in, as JSON.
 * - `GET /dev/token?user=user_…` returns a session token for a user, as text.
 * - `POST /dev/delete-user?user=user_…` deletes a user at the stand-in and sends the webhook to the API.
 * @param deliver sends the webhook.
 * They need no credentials, so they are refused for pages of other origins than this server's and those that the stage
 * `local` allows.
 * @param cors the CORS headers of the response.
 * @returns whether the request was one of these.
 */
export async function answerDevRequest(
  standIn: StandIn,
  deliver: (path: string, init: RequestInit) => Promise<Response>,
  request: IncomingMessage,
  response: ServerResponse,
  cors: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const url = new URL(`http://localhost${request.url}`);
  const call = `${request.method} ${url.pathname}`;
  if (!url.pathname.startsWith('/dev/')) return false;
  if (isForeign(request, cors)) {
    response.writeHead(403, { 'content-type': 'text/plain' }).end('This origin is not allowed.\n');
    return true;
  }
  if (call === 'GET /dev/users') {
    response.writeHead(200, { 'content-type': 'application/json', ...noStore, ...cors }).end(JSON.stringify(users));
    return true;
  }
  if (call !== 'GET /dev/token' && call !== 'POST /dev/delete-user') return false;
  const user = url.searchParams.get('user') ?? defaultUser;
  const answer = (status: number, text: string) => {
    response.writeHead(status, { 'content-type': 'text/plain', ...noStore, ...cors }).end(text);
    return true;
  };
  if (!/^user_\w{27}$/.test(user)) {
    return answer(400, 'user must be user_ followed by 27 letters, digits or underscores\n');
  }
  if (call === 'GET /dev/token') return answer(200, devToken(standIn, user));
  const { status } = await deliver('/webhooks/clerk', { method: 'POST', ...standIn.deleteUser(user) });
  return answer(status, `${user} was deleted. The API answered the webhook with ${status}.\n`);
}

/** Whether a page of an origin that is not allowed sends the request. The Host header was checked before. */
function isForeign({ headers }: IncomingMessage, cors: Readonly<Record<string, string>>): boolean {
  const allowed = [undefined, `http://${headers.host}`, cors['access-control-allow-origin']];
  return !allowed.includes(headers.origin);
}
