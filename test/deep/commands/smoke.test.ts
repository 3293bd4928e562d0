import { runChecks } from '../../../tools/cli/smoke/run-checks';
import { SessionToken } from '../../../tools/cli/smoke/session-token';
import { altered, lost, replayed, without } from '../../support/altered-answers';
import { newUser } from '../../support/api-harness';
import { type Fault, type FaultyProxy, startFaultyProxy } from '../../support/faulty-proxy';
import { type LocalProcess, runBeside, startLocalProcess } from '../../support/local-process';

let local: LocalProcess;
/** In front of the local server, to break what it answers. */
let proxy: FaultyProxy;
let token: string;
beforeAll(async () => {
  local = await startLocalProcess();
  proxy = await startFaultyProxy(local.url);
}, 60_000);
afterAll(async () => {
  await proxy.close();
  await local.stop();
});
beforeEach(async () => {
  proxy.reset();
  token = await local.token(newUser());
});

async function activeKeys(owner = 'user'): Promise<{ id: string; name: string }[]> {
  const headers = { authorization: `Bearer ${token}` };
  const input = encodeURIComponent(JSON.stringify({ owner }));
  return await (await fetch(`${local.url}/trpc/keys.list?input=${input}`, { headers })).json();
}

/** Every secret that the service has returned, whether or not it arrived. */
const secrets = () => proxy.answers.join().match(/sk_satori_test_\w{22}_\w{38}/g) ?? [];

function expectConcealed(printed: string): void {
  const halves = [token, ...secrets()].flatMap((text) => [text.slice(0, 40), text.slice(-24)]);
  expect(halves.filter((half) => printed.includes(half))).toEqual([]);
}

async function smoke(args: readonly string[], onStart?: Parameters<typeof runBeside>[2]) {
  const options = { args, environment: { CLERK_JWT: token } };
  const result = await runBeside('tools/cli/smoke.ts', options, onStart);
  expectConcealed(result.stdout + result.stderr);
  return result;
}

/** Runs the checks in this process with shorter timeouts. Durations are printed as 1 ms. */
async function run({ base = proxy.url, callMs = 5_000, patienceMs = 300 } = {}) {
  let printed = '';
  const print = (line: string) => {
    printed += `${line.replace(/\d+ ms/, '1 ms')}\n`;
  };
  const passed = await runChecks({
    base,
    session: SessionToken.parse(token),
    stop: new AbortController().signal,
    print: { log: print, error: print },
    callMs,
    patienceMs,
  });
  expectConcealed(printed);
  return { passed, printed };
}

const always = Number.POSITIVE_INFINITY;
const cleanedUp = /^Cleaned up: the key [0-9a-f-]{36} is revoked\.$/m;

describe('the command', () => {
  it('passes and leaves no key behind', async () => {
    const { status, stdout, stderr } = await smoke(['--url', proxy.url]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(
      /^Checking http.+\n( {2}✓ [\w./]+ .+ \(\d+ ms\)\n){22}All 22 checks passed in \d+\.\d s\.\n$/,
    );
    expect(secrets()).toHaveLength(3);
    expect(await activeKeys()).toEqual([]);
  });

  it.each(['admin', 'member'])('passes with scopes and an organization as its %s', async (role) => {
    const org = newUser().replace('user', 'org');
    token = await (await fetch(`${local.url}/dev/token?user=${newUser()}&org=${org}&role=${role}`)).text();
    const { status, stdout, stderr } = await smoke(['--url', proxy.url, '--scopes', 'docs:read']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('All 25 checks passed in ');
    expect(secrets()).toHaveLength(role === 'admin' ? 4 : 3);
    expect(proxy.answers.join()).toContain('"scopes":["docs:read"]');
    expect([await activeKeys(), await activeKeys('organization')]).toEqual([[], []]);
  });

  it('with --public needs no token and creates no key', async () => {
    const { status, stdout } = await smoke(['--url', `${proxy.url}/trpc/`, '--public']);
    expect([status, stdout]).toEqual([0, expect.stringContaining('All 3 checks passed in ')]);
    const asked = proxy.calls.map(({ operation }) => operation);
    expect(asked).toEqual(['GET /health', 'POST /trpc/keys.create', 'GET /trpc/keys.whoami']);
    expect(secrets()).toEqual([]);
  });

  it('exits with 1 when the answer of create is lost, and revokes the key', async () => {
    proxy.fail(/create/, lost, always);
    const { status, stdout, stderr } = await smoke(['--url', proxy.url]);
    expect(status).toBe(1);
    expect(stderr.replace(/ECONNRESET/, 'UND_ERR_SOCKET')).toBe(`
Failed: keys.create creates a key
  expected: an answer to POST /trpc/keys.create within 10 s
  received: none (UND_ERR_SOCKET)
  next: The connection to ${new URL(proxy.url).host} was interrupted: run this again.

`);
    expect(stdout).toMatch(/ {2}✗ keys\.create creates a key \(\d+ ms\)\n/);
    expect(stdout).toMatch(cleanedUp);
    expect(secrets()).toHaveLength(1);
    expect(await activeKeys()).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('cleans up after %s', async (signal) => {
    const { status, stdout, stderr } = await smoke(['--url', proxy.url], (child) => {
      const stop = async () => {
        child.kill(signal);
        child.kill(signal);
        await new Promise((resolve) => setTimeout(resolve, 100));
      };
      // The first call of keys.create has no token and creates no key.
      proxy.afterEffectOf(/create/, () => proxy.afterEffectOf(/create/, stop));
    });
    expect([status, stderr]).toEqual([130, 'Stopping after this check and cleaning up.\n']);
    expect(stdout).toMatch(cleanedUp);
    expect(secrets()).toHaveLength(1);
    expect(await activeKeys()).toEqual([]);
  });

  it('exits with 2 for an invalid command line', async () => {
    const { status, stderr } = await smoke(['--url', 'http://keys.example.com', token]);
    expect([status, stderr]).toEqual([2, expect.stringContaining('\n\nUsage: CLERK_JWT=TOKEN npm run smoke')]);
    expect(proxy.calls).toEqual([]);
  });
});

const contract = 'The service breaks its contract: look up the request id in the logs';
const created = 'id, clerkUserId, clerkKeyId, name, secret, createdAt, description, scopes, expiresAt';
const viewed =
  'id, clerkUserId, clerkKeyId, name, lastUsedAt, createdAt, revokedAt, hint, description, scopes, expiresAt, enabled, clerkOrgId';
const error = (message: string, code: string) => ({ error: { message, code } });
const answer = (status: number, message: string, code: string): Fault => ({
  ...{ kind: 'answer', status },
  body: error(message, code),
});
const unavailable = answer(503, 'Service unavailable, try again', 'SERVICE_UNAVAILABLE');
const atLimit = answer(409, 'You have reached the limit of 100 API keys', 'CONFLICT');
const redirected: Fault = { kind: 'answer', status: 302, body: '', headers: { location: '/health' } };
/** Stands for the secret, which is not known before the call. */
const told = '<the secret>';
const filledIn = (change: object) => JSON.parse(JSON.stringify(change).replace(told, secrets()[0] ?? ''));
const all = (change: object) => altered((list) => list.map((key: object) => ({ ...key, ...filledIn(change) })));
const changed = (change: object) => altered((key) => ({ ...key, ...filledIn(change) }));
const quoting = altered(({ secret }) => error(`${secret} for "${token}"`, 'INTERNAL_SERVER_ERROR'), 500);
const endsNow = altered((key) => {
  const previousSecret = { ...key.previousSecret, expiresAt: new Date().toISOString() };
  return { ...key, previousSecret };
});
const quoted = /^500 INTERNAL_SERVER_ERROR "\(a secret\) for \\"\(a token\)\\"", x-request-id /;

const cutOff = (key: { secret: string }) => ({ ...key, secret: key.secret.slice(0, -1) });
const reordered = ({ secret, ...key }: { secret: string }) => ({ secret, ...key });
const tryAgain = 'Clerk, DynamoDB or Secrets Manager did not answer in time: run this again.';

/** What is wrong, what the message says of it, and what comes next if it is not `contract`. */
type Broken = [what: string, call: RegExp, fault: () => Fault, expected: string, received: RegExp, more?: More];
/** How often the call fails if not always, and how many calls pass before. */
type More = { next?: string; times?: number; skip?: number };

const broken: Record<string, readonly Broken[]> = {
  'GET /health answers ok': [
    ['it redirects', /health/, () => redirected, '200', /^302, not JSON, no x-/, { next: 'The URL redirects.' }],
  ],
  'keys.create refuses a call without a session token': [
    ['none is needed', /create/, () => answer(400, 'x', 'BAD_REQUEST'), '401 UNAUTHORIZED', /^400 BAD_REQUEST "x", /],
  ],
  'keys.create creates a key': [
    ['its secret is cut off', /create/, () => altered(cutOff), 'a secret as in the', /^another secret \(200, /],
    ['there are too many', /create/, () => atLimit, '200', /^409 CONFLICT "You/, { next: 'as many keys as', skip: 1 }],
    ['its fields are in disorder', /create/, () => altered(reordered), created, /^a key with secret, id, /],
    ['it has no id', /create/, () => altered(({ id, ...key }) => key), created, /^a key with clerkUserId, /],
    ['it is another user’s', /create/, () => changed({ clerkUserId: newUser() }), 'a clerkUserId', /^another clerkU/],
    ['a cache may keep it', /create/, () => without('cache-control'), 'cache-control: no-store', /^no cache-control /],
    ['a 500 quotes credentials', /create/, () => quoting, '200', quoted, { next: '(docs/operations.md). On a new' }],
  ],
  'keys.whoami identifies its owner': [
    ['another name', /whoami/, () => changed({ name: 'A' }), 'the values of the key', /^other values \(200, /],
    ['a scope', /whoami/, () => changed({ scopes: ['x'] }), 'the values of the key', /^other values \(200, /],
  ],
  'keys.list shows it, without its secret': [
    ['a field “secret”', /list/, () => all({ secret: told }), viewed, /^members of .*, secret \(200, x-/],
    ['a field has it', /list/, () => all({ lastUsedAt: told }), 'without the secret', /^one with the secret /],
    ['another hint', /list/, () => all({ hint: 'sk_satori_test_0000…0000' }), 'the hint of the key', /^another hint /],
    ['it never shows it', /list/, () => altered(() => []), 'with the key within 0.3 s', /^one without it \(200, x-/],
  ],
  'keys.get shows it, without its secret': [
    ['a field has it', /get/, () => changed({ lastUsedAt: told }), 'without the secret', /^one with the secre/],
    ['another name', /get/, () => changed({ name: 'Another' }), 'the name of the key', /^another name \(200, /],
  ],
  'keys.rotate gives it a new secret, with a grace period': [
    ['the old one ends now', /rotate/, () => endsNow, 'the end of the previous secret', /^another one \(200, /],
    ['it is the old one', /rotate/, () => changed({ secret: told }), 'a new secret as', /^another secret \(/],
  ],
  'keys.whoami accepts both secrets': [
    ['only one', /whoami/, () => answer(401, 'No', 'UNAUTHORIZED'), '200', /^401 UNAUTHORIZED "No", no/, { skip: 3 }],
  ],
  'keys.revokeSelf with the previous secret ends only that one': [
    ['it is still accepted', /whoami/, replayed, '401 UNAUTHORIZED', /^200, x-request-id /, { skip: 3 }],
  ],
  'keys.rotate without a grace period ends the previous secret at once': [
    ['it is still accepted', /whoami/, replayed, '401 UNAUTHORIZED', /^200, x-request-id /, { skip: 5 }],
  ],
  'keys.update disables it, and whoami refuses it at once': [
    [
      'it stays enabled',
      /update/,
      () => changed({ enabled: true }),
      'the enabled of the key',
      /^another enabled \(200/,
    ],
  ],
  'keys.usage counts its uses': [
    [
      'a day is missing',
      /usage/,
      () => altered((days) => days.slice(1)),
      '30 days, newest first',
      /^200, x-request-id /,
    ],
    ['none is counted', /usage/, () => all({ uses: 0 }), 'at least one use', /^no use \(200, /],
  ],
  'keys.revoke revokes it': [
    ['it fails twice', /revoke$/, () => unavailable, '200', /^503 .* no x-request-id$/, { next: tryAgain, times: 2 }],
  ],
  'keys.whoami refuses it at once': [
    ['it is still accepted', /whoami/, replayed, '401 UNAUTHORIZED', /^200, x-request-id [\da-f-]{36}$/, { skip: 8 }],
  ],
  'keys.get shows that it is revoked': [
    ['it is active', /get/, () => changed({ revokedAt: null }), 'revokedAt with a time', /^another revokedAt \(200, /],
  ],
  'keys.list no longer shows it': [
    ['it still does', /list/, replayed, 'a list without the key within 0.3 s', /^one with it \(200, x-request-id /],
  ],
};

function messageIn(printed: string) {
  const pattern = /^Failed: (.*)\n {2}expected: (.*)\n {2}received: (.*)\n {2}next: (.*)\n$/gm;
  const [message, ...more] = [...printed.matchAll(pattern)];
  expect(more).toEqual([]);
  const [, step = '', expected = '', received = '', next = ''] = message ?? [];
  return { step, expected, received, next };
}

describe('a broken stage', () => {
  const rows = Object.entries(broken).flatMap(([check, faults]) =>
    faults.map((fault): [string, ...Broken] => [check, ...fault]),
  );
  it.each(rows)('fails at “%s” with one message, and no key is left: %s', async (step, _what, call, fault, ...says) => {
    const [expected, received, { next = contract, times = always, skip = 0 } = {}] = says;
    proxy.fail(call, fault(), times, skip);
    const { passed, printed } = await run();
    const message = messageIn(printed);
    expect({ passed, step: message.step }).toEqual({ passed: false, step });
    expect(message.expected).toContain(expected);
    expect(message.received).toMatch(received);
    expect(message.next).toContain(next);
    expect(printed).toContain(`  ✗ ${step} (1 ms)\n`);
    expect(await activeKeys()).toEqual([]);
  });

  it('passes when the list is out of date for a moment', async () => {
    const empty = altered(() => []);
    proxy.fail(/list/, empty);
    expect(await run({ patienceMs: 10_000 })).toMatchObject({ passed: true });
  });

  it('fails when an answer is too late, and revokes the key', async () => {
    proxy.fail(/list/, { kind: 'hang', effect: true });
    const { passed, printed } = await run({ callMs: 2_000 });
    expect(passed).toBe(false);
    expect(messageIn(printed)).toMatchObject({
      expected: 'an answer to GET /trpc/keys.list within 2 s',
      received: 'none (timeout)',
      next: expect.stringContaining('took too long: run this again.'),
    });
    expect(printed).toMatch(cleanedUp);
    expect(await activeKeys()).toEqual([]);
  });

  it('says how to revoke the key by hand when revocation fails', async () => {
    proxy.fail(/revoke/, unavailable, always);
    const { passed, printed } = await run();
    const [key] = await activeKeys();
    expect(passed).toBe(false);
    expect(printed).toContain(
      `Not cleaned up: the key "${key?.name}", id ${key?.id}, still works. Revoke it with a session token of the same user:
  curl -X POST ${proxy.url}/trpc/keys.revoke -H "Authorization: Bearer $CLERK_JWT" \\
    -H 'Content-Type: application/json' -d '{"id":"${key?.id}"}'
`,
    );
  });

  it('says that a key may exist when neither create nor list answers', async () => {
    proxy.fail(/create/, lost, always);
    proxy.fail(/list/, { kind: 'reset', effect: false }, always);
    const { passed, printed } = await run();
    const [key] = await activeKeys();
    expect(passed).toBe(false);
    expect(printed).toContain(`Not cleaned up: a key "${key?.name}" may exist; keys.list did not answer.`);
  });

  it('says that there is nothing to clean up when a failed create has created no key', async () => {
    // The first call of keys.create has no token and creates no key.
    proxy.afterEffectOf(/create/, () => proxy.fail(/create/, { kind: 'answer', status: 500, body: {} }));
    const { printed } = await run();
    expect(printed).toMatch(/^Nothing to clean up: keys\.list shows no key named "Smoke test \S+ \w{8}"\.$/m);
  });
});

describe('a call', () => {
  const payload = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url');

  it.each([
    ['expired', { exp: Date.now() / 1000 - 30 }, /^The session token expired \d+ s ago; it is valid for a minute\./],
    [
      'of another instance',
      { exp: Date.now() / 1000 + 3600, iss: 'https://clerk.other.test', azp: 'https://other.test' },
      /^The session token is valid .* Its issuer is https:\/\/clerk\.other\.test and its azp https:\/\/other\.test\./,
    ],
  ])('with a token that is %s shows the claims of the token', async (_what, claims, next) => {
    token = `${payload({ alg: 'RS256' })}.${payload(claims)}.c2lnbmF0dXJlIG9mIG5vYm9keSBhdCBhbGw`;
    const { passed, printed } = await run();
    const message = messageIn(printed);
    expect({ passed, step: message.step }).toEqual({ passed: false, step: 'keys.create creates a key' });
    expect(message.received).toMatch(/^401 UNAUTHORIZED "Unauthorized", x-request-id [0-9a-f-]{36}$/);
    expect(message.next).toMatch(next);
  });
});
