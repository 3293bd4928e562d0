import type { Attack, AttackRequest, Outcome, Setting } from './attack';

type Make = Attack['request'];
export type Headers = NonNullable<AttackRequest['headers']>;

/** Attacks with the same outcome, by their description. @param before requests that are sent first. */
export const alike = (
  outcome: Outcome,
  requests: Readonly<Record<string, Make>>,
  before?: Attack['before'],
): Attack[] =>
  Object.entries(requests).map(([what, request]) => ({ what, request, ...outcome, ...(before && { before }) }));

export const withHeaders =
  (request: Make, headers: (setting: Setting) => Headers): Make =>
  (setting) => ({ ...request(setting), headers: headers(setting) });

/** Requests by their description, made of a list. */
export const each = <T>(values: readonly T[], what: (value: T) => string, make: (value: T) => Make) =>
  Object.fromEntries(values.map((value) => [what(value), make(value)]));

export const json = { 'content-type': 'application/json' };

/** The headers of an ordinary call by the attacker. */
export const signedIn = ({ token }: Pick<Setting, 'token'>): Headers => ({
  authorization: `Bearer ${token}`,
  ...json,
});

export const creating =
  (body: string | Buffer): Make =>
  (setting) => ({ headers: signedIn(setting), body });

/** A mutation that is valid but for its input. */
export const mutating =
  (procedure: string, input: (setting: Setting) => unknown): Make =>
  (setting) => ({
    path: `/trpc/${procedure}`,
    headers: signedIn(setting),
    body: JSON.stringify(input(setting)),
  });

export const reading =
  (procedure: string, input?: (setting: Setting) => unknown): Make =>
  (setting) => ({
    method: 'GET',
    path: `/trpc/${procedure}`,
    headers: signedIn(setting),
    ...(input && { query: `input=${encodeURIComponent(JSON.stringify(input(setting)) ?? '')}` }),
  });

export const listing =
  (headers: (setting: Setting) => Headers): Make =>
  (setting) => ({ method: 'GET', path: '/trpc/keys.list', headers: headers(setting) });

export const identifying =
  (headers: (setting: Setting) => Headers): Make =>
  (setting) => ({ method: 'GET', path: '/trpc/keys.whoami', headers: headers(setting) });

export const holding = (key: (setting: Setting) => string): Make =>
  identifying((setting) => ({ 'x-api-key': key(setting) }));

/** A batch of a tRPC client that is valid but for its calls. */
export const batch =
  (procedures: string, body: string, query = 'batch=1'): Make =>
  (setting) => ({ path: `/trpc/${procedures}`, query, headers: signedIn(setting), body });
export const batchOfReads =
  (procedures: string, query = 'batch=1'): Make =>
  (setting) => ({ method: 'GET', path: `/trpc/${procedures}`, query, headers: signedIn(setting) });

/** The path of a batch of calls of keys.create, and their inputs. */
export const creates = (calls: number) => Array(calls).fill('keys.create').join();
export const named = (...names: unknown[]) =>
  JSON.stringify(Object.fromEntries(names.map((name, index) => [index, { name }])));

/** What is counted of an attempt to create a key, whatever comes of it. */
export const attempted = { altered: ['attempts', 'version'] };
/** The calls up to the decision whether the owner may have one more key. */
export const attemptCalls = ['UpdateItem', 'UpdateItem', 'PutItem', 'Query'];

export const created = (...names: string[]) => ({
  status: 200,
  calls: names.flatMap(() => ['POST /api_keys', ...attemptCalls, 'PutItem']),
  stored: names,
  ...attempted,
});

export const listed = { status: 200, calls: ['Query', 'BatchGetItem', 'BatchGetItem'] };

export const badRequest = (message?: string) => ({
  status: 400,
  code: 'BAD_REQUEST',
  ...(message !== undefined && { message }),
});
export const tooLarge = { status: 413, code: 'PAYLOAD_TOO_LARGE' };
export const otherType = { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' };
/** The session token does not identify a user, whatever is wrong with it. */
export const noSession = { status: 401, code: 'UNAUTHORIZED', message: 'Unauthorized' };
export const noKey = { status: 401, code: 'UNAUTHORIZED', message: 'Invalid API key' };
/** A tRPC client's request is refused as a whole. */
export const refusedBatch = { ...badRequest(), form: 'trpc' as const };
