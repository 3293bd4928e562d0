import type { IncomingMessage, ServerResponse } from 'node:http';
import { noWebPage } from './access';
import type { Background } from './background';
import { ClerkError } from './clerk/error';
import { organizationClaim } from './clerk/session-tokens';
import type { Delivery } from './clerk/webhooks';
import type { StandIn } from './clerk-instance';
import { type GitHubSecretScanning, matchOf } from './github/secret-scanning';
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

const json = 'application/json';
/** The event with which an operator runs all tasks of the maintenance. */
const full = { full: true };

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

/** What the answers need. */
export interface DevSettings {
  /** The stand-ins for Clerk and GitHub; undefined with the real Clerk. */
  readonly standIn: StandIn | undefined;
  readonly scanning: GitHubSecretScanning;
  readonly background: Pick<Background, 'events' | 'runScheduled'>;
  /** Environment variables of another process that verifies keys: the tables, and credentials for them. */
  readonly verifier: Readonly<Record<string, string | undefined>>;
  /** Sends a webhook or a report. */
  deliver(path: string, init: RequestInit): Promise<Response>;
}

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
 * - `POST /dev/report-leak` with a key as `x-api-key` sends GitHub's report that the key is in public.
 * - `GET /dev/verifier` returns the environment variables with which another process finds the tables, as a file for
 *   `node --env-file`.
 * - `GET /dev/events` returns the events that were sent so far, as JSON.
 * - `POST /dev/maintenance` runs the maintenance, all tasks of it, and returns its result as JSON.
 * With the real Clerk, only the last two exist.
 * They need no credentials, so they are refused for pages of other origins than this server's and those that the stage
 * `local` allows. No page can read the variables.
 * @param cors the CORS headers of the response.
 * @returns whether the request was one of these.
 */
export async function answerDevRequest(
  { standIn, scanning, background, verifier, deliver }: DevSettings,
  request: IncomingMessage,
  response: ServerResponse,
  cors: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const { pathname, searchParams } = new URL(`http://localhost${request.url}`);
  const call = `${request.method} ${pathname}`;
  if (!pathname.startsWith('/dev/')) return false;
  if (isForeign(request, cors) || (call === 'GET /dev/verifier' && noWebPage(request))) {
    response.writeHead(403, { 'content-type': 'text/plain' }).end('This origin is not allowed.\n');
    return true;
  }
  const answer = (status: number, text: string, type = 'text/plain') => {
    response.writeHead(status, { 'content-type': type, ...noStore, ...cors }).end(text);
    return true;
  };
  const change = changes[call];
  try {
    if (call === 'GET /dev/events') return answer(200, JSON.stringify(await background.events()), json);
    if (call === 'POST /dev/maintenance') return answer(200, JSON.stringify(await background.runScheduled(full)), json);
    if (!standIn) return false;
    if (call === 'GET /dev/users') return answer(200, JSON.stringify(users), json);
    if (call === 'GET /dev/stage') return answer(200, JSON.stringify(rules), json);
    if (call === 'GET /dev/token') return answer(200, devToken(standIn, userIn(searchParams), orgIn(searchParams)));
    if (call === 'GET /dev/verifier') return answer(200, environmentFile(verifier));
    if (call === 'POST /dev/report-leak') {
      const report = scanning.report([matchOf(keyIn(request))]);
      const told = await deliver('/leaks/github', { method: 'POST', ...report });
      return answer(told.status, `The API answered GitHub's report with ${told.status}: ${await told.text()}\n`);
    }
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

const environmentFile = (variables: DevSettings['verifier']): string =>
  Object.entries(variables)
    .flatMap(([name, value]) => (value ? `${name}=${value}\n` : []))
    .join('');

const forms = { user: /^user_\w{27}$/, org: /^org_\w{27}$/ };

const userIn = (query: URLSearchParams): string => (query.has('user') ? idIn(query, 'user') : defaultUser);

/** @throws BadRequest */
function idIn(query: URLSearchParams, kind: 'user' | 'org'): string {
  const id = query.get(kind) ?? '';
  if (forms[kind].test(id)) return id;
  throw new BadRequest(`${kind} must be ${kind}_ followed by 27 letters, digits or underscores`);
}

/** The key that a request reports. @throws BadRequest */
function keyIn({ headers: { 'x-api-key': key } }: IncomingMessage): string {
  if (typeof key === 'string' && key !== '') return key;
  throw new BadRequest('Send the key that was found as x-api-key');
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
