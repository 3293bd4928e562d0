import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StandIn } from './clerk-instance';

/** Who is signed in where nobody else is named. */
export const defaultUser = 'user_2kLocalDeveloper00000000001';

/** How long a token from here lives, in seconds; Clerk's own live 60. */
const lifetime = 3600;

export const devToken = ({ sessions }: StandIn, user = defaultUser): string => sessions.sign(user, lifetime);

/**
 * What a laptop needs and no deployment has, as plain text:
 * `GET /dev/token?user=user_…` signs a user in, for trying the API without a sign-in page;
 * `POST /dev/delete-user?user=user_…` deletes one at the stand-in, which tells the API by its webhook.
 * @param deliver sends the webhook.
 * @returns whether the request was for one of them.
 */
export async function answerDevRequest(
  standIn: StandIn,
  deliver: (path: string, init: RequestInit) => Promise<Response>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const url = new URL(`http://localhost${request.url}`);
  const call = `${request.method} ${url.pathname}`;
  if (call !== 'GET /dev/token' && call !== 'POST /dev/delete-user') return false;
  const user = url.searchParams.get('user') ?? defaultUser;
  const answer = (status: number, text: string) => {
    response.writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store' }).end(text);
    return true;
  };
  if (!/^user_\w{27}$/.test(user)) {
    return answer(400, 'user is user_ and 27 letters, digits or _, as Clerk has them\n');
  }
  if (call === 'GET /dev/token') return answer(200, devToken(standIn, user));
  const { status } = await deliver('/webhooks/clerk', { method: 'POST', ...standIn.deleteUser(user) });
  return answer(status, `${user} is deleted; the webhook was answered ${status}\n`);
}
