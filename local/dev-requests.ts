import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StandIn } from './clerk-instance';

/** Who is signed in where nobody else is named. */
export const defaultUser = 'user_2kLocalDeveloper00000000001';

/** Who there is to choose from on the console's page. */
const users = [
  { id: defaultUser, name: 'Ada' },
  { id: 'user_2kAnotherDeveloper000000002', name: 'Grace' },
];

/** How long a token from here lives, in seconds; Clerk's own live 60. */
const lifetime = 3600;

export const devToken = ({ sessions }: StandIn, user = defaultUser): string => sessions.sign(user, lifetime);

/**
 * What a laptop needs and no deployment has:
 * `GET /dev/users` says whom the console's page may sign in, as JSON; the others answer in plain text:
 * `GET /dev/token?user=user_…` signs a user in, for trying the API without a sign-in page;
 * `POST /dev/delete-user?user=user_…` deletes one at the stand-in, which tells the API by its webhook.
 * @param deliver sends the webhook.
 * @param cors the API's headers for the page that asks.
 * @returns whether the request was for one of them.
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
  if (call === 'GET /dev/users') {
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', ...cors };
    response.writeHead(200, headers).end(JSON.stringify(users));
    return true;
  }
  if (call !== 'GET /dev/token' && call !== 'POST /dev/delete-user') return false;
  const user = url.searchParams.get('user') ?? defaultUser;
  const answer = (status: number, text: string) => {
    const headers = { 'content-type': 'text/plain', 'cache-control': 'no-store', ...cors };
    response.writeHead(status, headers).end(text);
    return true;
  };
  if (!/^user_\w{27}$/.test(user)) {
    return answer(400, 'user is user_ and 27 letters, digits or _, as Clerk has them\n');
  }
  if (call === 'GET /dev/token') return answer(200, devToken(standIn, user));
  const { status } = await deliver('/webhooks/clerk', { method: 'POST', ...standIn.deleteUser(user) });
  return answer(status, `${user} is deleted; the webhook was answered ${status}\n`);
}
