import type { IncomingMessage, ServerResponse } from 'node:http';
import { ClerkError } from './clerk/error';
import { organizationClaim } from './clerk/session-tokens';
import type { Delivery } from './clerk/webhooks';
import type { StandIn } from './clerk-instance';
import { localStage } from './local-stage';

/** The user who is signed in if a request names none. */
export const defaultUser = 'user_2kLocalDeveloper00000000001';

/** The users that the console page offers for sign-in, and the organization that is active in their sessions. */
const organization = { id: 'org_2kLocalOrganization00000001', name: 'Acme' };
const users = [
  { id: defaultUser, name: 'Ada', organization: { ...organization, role: 'admin' } },
  { id: 'user_2kAnotherDeveloper000000002', name: 'Grace', organization: { ...organization, role: 'member' } },
];

/** What the stage allows for its keys. Undefined values are left out. */
const { scopes, maxKeyLifetimeDays } = localStage;
const rules = { scopes, maxKeyLifetimeDays };

/** The lifetime of a token from /dev/token, in seconds. Clerk's own session tokens live 60 s. */
const lifetime = 3600;

/** `nosniff` keeps a page of another origin from loading a token as a script. */
const noStore = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** The active organization of a session, and the user's role there. */
export interface ActiveOrganization {
  readonly id: string;
  readonly role: string;
}

export const devToken = ({ sessions }: StandIn, user = defaultUser, organization?: ActiveOrganization): string =>
  sessions.sign(user, lifetime, organization && organizationClaim(organization.id, organization.role));

/** A change at the stand-in. `on` names the query parameter with the ID. */
interface Change {
  readonly on: 'user' | 'org';
  readonly make: (standIn: StandIn, id: string) => Delivery;
  /** The end of a sentence that starts with the ID. */
  readonly done: string;
}

const changes: Readonly<Record<string, Change>> = {
  'POST /dev/delete-user': { on: 'user', make: (standIn, id) => standIn.deleteUser(id), done: 'was deleted' },
  'POST /dev/ban-user': { on: 'user', make: (standIn, id) => standIn.banUser(id), done: 'was banned' },
  'POST /dev/unban-user': { on: 'user', make: (standIn, id) => standIn.unbanUser(id), done: 'is no longer banned' },
  'POST /dev/delete-organization': {
    on: 'org',
    make: (standIn, id) => standIn.deleteOrganization(id),
    done: 'was deleted',
  },
};

/** A request that cannot be answered. The message says what to do. */
class BadRequest extends Error {}

/**
 * Answers requests that exist only in the local service:
 * - `GET /dev/users` lists the users that the console page can sign in, as JSON.
 * - `GET /dev/stage` tells the console page what the stage `local` allows for its keys, as JSON.
 * - `GET /dev/token?user=user_…&org=org_…&role=admin` returns a session token for a user, as text. With `org`, that is
 *   the session's active organization; `role` is the user's role there, by default `admin`.
 * - `POST /dev/ban-user?user=user_…`, `/dev/unban-user?user=user_…`, `/dev/delete-user?user=user_…` and
 *   `/dev/delete-organization?org=org_…` make that change at the stand-in and send the webhook to the API.
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
  const { pathname, searchParams } = new URL(`http://localhost${request.url}`);
  const call = `${request.method} ${pathname}`;
  if (!pathname.startsWith('/dev/')) return false;
  if (isForeign(request, cors)) {
    response.writeHead(403, { 'content-type': 'text/plain' }).end('This origin is not allowed.\n');
    return true;
  }
  const answer = (status: number, text: string, type = 'text/plain') => {
    response.writeHead(status, { 'content-type': type, ...noStore, ...cors }).end(text);
    return true;
  };
  const change = changes[call];
  try {
    if (call === 'GET /dev/users') return answer(200, JSON.stringify(users), 'application/json');
    if (call === 'GET /dev/stage') return answer(200, JSON.stringify(rules), 'application/json');
    if (call === 'GET /dev/token') return answer(200, devToken(standIn, userIn(searchParams), orgIn(searchParams)));
    if (!change) return false;
    const id = change.on === 'user' ? userIn(searchParams) : idIn(searchParams, 'org');
    const { status } = await deliver('/webhooks/clerk', { method: 'POST', ...change.make(standIn, id) });
    return answer(status, `${id} ${change.done}. The API answered the webhook with ${status}.\n`);
  } catch (error) {
    if (error instanceof ClerkError) return answer(error.status, `${error.message}\n`);
    if (error instanceof BadRequest) return answer(400, `${error.message}\n`);
    throw error;
  }
}

const forms = { user: /^user_\w{27}$/, org: /^org_\w{27}$/ };

const userIn = (query: URLSearchParams): string => (query.has('user') ? idIn(query, 'user') : defaultUser);

/** @throws BadRequest */
function idIn(query: URLSearchParams, kind: 'user' | 'org'): string {
  const id = query.get(kind) ?? '';
  if (forms[kind].test(id)) return id;
  throw new BadRequest(`${kind} must be ${kind}_ followed by 27 letters, digits or underscores`);
}

/** The active organization that a request asks for. @throws BadRequest */
function orgIn(query: URLSearchParams): ActiveOrganization | undefined {
  const role = query.get('role') ?? 'admin';
  if (!/^[a-z][a-z0-9_]{0,99}$/.test(role)) throw new BadRequest('role must be a role without org:, such as admin');
  if (query.has('org')) return { id: idIn(query, 'org'), role };
  if (query.has('role')) throw new BadRequest('role needs org, the organization that it is a role in');
  return undefined;
}

/** Whether a page of an origin that is not allowed sends the request. The Host header was checked before. */
function isForeign({ headers }: IncomingMessage, cors: Readonly<Record<string, string>>): boolean {
  const allowed = [undefined, `http://${headers.host}`, cors['access-control-allow-origin']];
  return !allowed.includes(headers.origin);
}
