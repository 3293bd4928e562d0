import { runChecks } from '../../../tools/cli/smoke/run-checks';
import { SessionToken } from '../../../tools/cli/smoke/session-token';
import { altered, lost, replayed, without } from '../../support/altered-answers';
import { newUser } from '../../support/api-harness';
import { type FaultyProxy, startFaultyProxy } from '../../support/faulty-proxy';
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

/** The user's active keys, from the server itself. */
async function activeKeys(owner = 'user'): Promise<{ id: string; name: string }[]> {
  const headers = { authorization: `Bearer ${token}` };
  const input = encodeURIComponent(JSON.stringify({ owner }));
  return await (await fetch(`${local.url}/trpc/keys.list?input=${input}`, { headers })).json();
}

/** Every secret that the service has returned, whether or not it arrived. */
const secrets = () => proxy.answers.join().match(/sk_satori_test_\w{22}_\w{38}/g) ?? [];

/** Expects no part of the session token or of a secret in the output. */
function expectConcealed(printed: string): void {
  const halves = [token, ...secrets()].flatMap((text) => [text.slice(0, 40), text.slice(-24)]);
  expect(halves.filter((half) => printed.includes(half))).toEqual([]);
}

/** Runs the command in a process of its own. */
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
    expect(stdout.replace(/\d+ ms/g, '1 ms').replace(/\d\.\d s/, '1.2 s')).toBe(`Checking ${proxy.url}
  ✓ GET /health answers ok (1 ms)
  ✓ keys.create refuses a call without a session token (1 ms)
  ✓ keys.whoami refuses a made-up key (1 ms)
  ✓ keys.create creates a key (1 ms)
  ✓ keys.whoami identifies its owner (1 ms)
  ✓ keys.list shows it, without its secret (1 ms)
  ✓ keys.get shows it, without its secret (1 ms)
  ✓ keys.create refuses a second key of its name (1 ms)
  ✓ keys.create refuses a scope that the stage does not have (1 ms)
  ✓ keys.rotate gives it a new secret, with a grace period (1 ms)
  ✓ keys.whoami accepts both secrets (1 ms)
  ✓ keys.revokeSelf with the previous secret ends only that one (1 ms)
  ✓ keys.rotate without a grace period ends the previous secret at once (1 ms)
  ✓ keys.update disables it, and whoami refuses it at once (1 ms)
  ✓ keys.update enables it again, with another description and no scopes (1 ms)
  ✓ keys.usage counts its uses (1 ms)
  ✓ keys.revoke revokes it (1 ms)
  ✓ keys.revoke succeeds again (1 ms)
  ✓ keys.revokeSelf succeeds too (1 ms)
  ✓ keys.whoami refuses it at once (1 ms)
  ✓ keys.get shows that it is revoked (1 ms)
  ✓ keys.list no longer shows it (1 ms)
All 22 checks passed in 1.2 s.
`);
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
const badRequest = { error: { message: 'Invalid input: name is required', code: 'BAD_REQUEST' } };
const atLimit = { error: { message: 'You have reached the limit of 100 API keys', code: 'CONFLICT' } };
const internal = (message: string) => ({ error: { message, code: 'INTERNAL_SERVER_ERROR' } });
const invalidKey = { error: { message: 'Invalid API key', code: 'UNAUTHORIZED' } };
/** How many calls of keys.whoami come before the last accepted one before these steps. */
const whoamiBefore = { revokeSelf: 3, rotation: 5, revoked: 8 };
const unavailable = { error: { message: 'Service unavailable, try again', code: 'SERVICE_UNAVAILABLE' } };

/** By the failing check and by what is wrong: its cause, and the other lines of the message. */
interface Broken {
  fault(): Parameters<FaultyProxy['fail']>;
  /** The default of `next` is `contract`. */
  says: [expected: string, received: RegExp, next?: string];
}
const broken: Record<string, Record<string, Broken>> = {
  'keys.whoami refuses it at once': {
    'a revoked key is still accepted': {
      fault: () => [/whoami/, replayed(), always, whoamiBefore.revoked],
      says: ['401 UNAUTHORIZED', /^200, x-request-id [0-9a-f-]{36}$/],
    },
  },
  'keys.rotate gives it a new secret, with a grace period': {
    'the previous secret ends before the new one is used': {
      fault: () => [
        /rotate/,
        altered(({ previousSecret, ...key }) => ({
          ...key,
          previousSecret: { ...previousSecret, expiresAt: new Date().toISOString() },
        })),
      ],
      says: ['the end of the previous secret', /^another one \(200, /],
    },
    'a rotation returns the old secret': {
      fault: () => [/rotate/, altered((key) => ({ ...key, secret: secrets()[0] }))],
      says: ['a new secret as in the contract', /^another secret \(200, /],
    },
  },
  'keys.whoami accepts both secrets': {
    'the previous secret is refused in its grace period': {
      fault: () => [/whoami/, { kind: 'answer', status: 401, body: invalidKey }, 1, 3],
      says: ['200', /^401 UNAUTHORIZED "Invalid API key", no x-request-id$/],
    },
  },
  'keys.revokeSelf with the previous secret ends only that one': {
    'a previous secret is still accepted after revokeSelf': {
      fault: () => [/whoami/, replayed(), always, whoamiBefore.revokeSelf],
      says: ['401 UNAUTHORIZED', /^200, x-request-id /],
    },
  },
  'keys.rotate without a grace period ends the previous secret at once': {
    'a previous secret is still accepted after its end': {
      fault: () => [/whoami/, replayed(), always, whoamiBefore.rotation],
      says: ['401 UNAUTHORIZED', /^200, x-request-id /],
    },
  },
  'keys.update disables it, and whoami refuses it at once': {
    'a key is not disabled': {
      fault: () => [/update/, altered((key) => ({ ...key, enabled: true }))],
      says: ['the enabled of the key', /^another enabled \(200, /],
    },
  },
  'keys.usage counts its uses': {
    'a day is missing': {
      fault: () => [/usage/, altered((days) => days.slice(0, -1))],
      says: ['30 days, newest first', /^200, x-request-id /],
    },
    'uses are not counted': {
      fault: () => [/usage/, altered((days) => days.map((day: object) => ({ ...day, uses: 0 })))],
      says: ['at least one use', /^no use \(200, /],
    },
  },
  'keys.list shows it, without its secret': {
    'the list has a field "secret"': {
      fault: () => [/list/, altered((list) => list.map((key: object) => ({ ...key, secret: secrets()[0] })))],
      says: [
        `members of the list with exactly ${viewed}`,
        /^members of the list with id, .*, clerkOrgId, secret \(200, x-request-id /,
      ],
    },
    'the list has the secret in another field': {
      fault: () => [/list/, altered((list) => list.map((key: object) => ({ ...key, lastUsedAt: secrets()[0] })))],
      says: ['an answer without the secret', /^one with the secret \(200, /],
    },
    'the list shows the hint of another key': {
      fault: () => [
        /list/,
        altered((list) => list.map((key: object) => ({ ...key, hint: 'sk_satori_test_0000…0000' }))),
      ],
      says: ['the hint of the key', /^another hint \(200, /],
    },
    'the list never shows the key': {
      fault: () => [/list/, altered(() => []), always],
      says: ['a list with the key within 0.3 s', /^one without it \(200, x-request-id /],
    },
  },
  'keys.get shows it, without its secret': {
    'keys.get shows the secret': {
      fault: () => [/get/, altered((key) => ({ ...key, lastUsedAt: secrets()[0] }))],
      says: ['an answer without the secret', /^one with the secret \(200, /],
    },
    'keys.get shows another key': {
      fault: () => [/get/, altered((key) => ({ ...key, name: 'Another' }))],
      says: ['the name of the key', /^another name \(200, /],
    },
  },
  'keys.get shows that it is revoked': {
    'keys.get shows a revoked key as active': {
      fault: () => [/get/, altered((key) => ({ ...key, revokedAt: null })), always],
      says: ['revokedAt with a time', /^another revokedAt \(200, /],
    },
  },
  'keys.create creates a key': {
    'the secret has another form': {
      fault: () => [/create/, altered((key) => ({ ...key, secret: key.secret.slice(0, -1) })), always],
      says: ['a secret as in the contract', /^another secret \(200, /],
    },
    'the user has too many keys': {
      fault: () => [/create/, { kind: 'answer', status: 409, body: atLimit }, 1, 1],
      says: [
        '200',
        /^409 CONFLICT "You have reached the limit of 100 API keys", /,
        'The user has as many keys as the stage allows',
      ],
    },
    'the fields of a new key have another order': {
      fault: () => [/create/, altered(({ secret, ...key }) => ({ secret, ...key })), always],
      says: [
        `a key with exactly ${created}`,
        /^a key with secret, id, clerkUserId, clerkKeyId, name, createdAt, description, scopes, expiresAt \(200, /,
      ],
    },
    'a new key has no id': {
      fault: () => [/create/, altered(({ id, ...key }) => key), always],
      says: [
        `a key with exactly ${created}`,
        /^a key with clerkUserId, clerkKeyId, name, secret, createdAt, description, /,
      ],
    },
    'a new key is another user’s': {
      fault: () => [/create/, altered((key) => ({ ...key, clerkUserId: newUser() })), always],
      says: ['a clerkUserId as in the contract', /^another clerkUserId \(200, /],
    },
    'a cache may keep the answer with the secret': {
      fault: () => [/create/, without('cache-control'), always],
      says: ['cache-control: no-store', /^no cache-control \(200, /],
    },
    'a key is created and the answer is a 500 that quotes credentials': {
      fault: () => [/create/, altered(({ secret }) => internal(`${secret} for "${token}"`), 500), always],
      says: [
        '200',
        /^500 INTERNAL_SERVER_ERROR "\(a secret\) for \\"\(a token\)\\"", x-request-id /,
        'An internal error of the service: look up the request id in the logs (docs/operations.md). On a new stage',
      ],
    },
  },
  'keys.list no longer shows it': {
    'the list still shows a revoked key': {
      fault: () => [/list/, replayed(), always],
      says: ['a list without the key within 0.3 s', /^one with it \(200, x-request-id /],
    },
  },
  'keys.revoke revokes it': {
    'a revocation fails twice': {
      fault: () => [/revoke$/, { kind: 'answer', status: 503, body: unavailable }, 2],
      says: [
        '200',
        /^503 SERVICE_UNAVAILABLE "Service unavailable, try again", no x-request-id$/,
        'Clerk, DynamoDB or Secrets Manager did not answer in time: run this again.',
      ],
    },
  },
  'keys.whoami identifies its owner': {
    'keys.whoami names another owner': {
      fault: () => [/whoami/, altered((owner) => ({ ...owner, name: 'Another' })), always],
      says: ['the values of the key', /^other values \(200, /],
    },
    'keys.whoami grants a scope': {
      fault: () => [/whoami/, altered((owner) => ({ ...owner, scopes: ['docs:write'] })), always],
      says: ['the values of the key', /^other values \(200, /],
    },
  },
  'GET /health answers ok': {
    'the service redirects': {
      fault: () => [/health/, { kind: 'answer', status: 302, body: '', headers: { location: `${local.url}/health` } }],
      says: [
        '200',
        /^302, not JSON, no x-request-id$/,
        'The URL redirects. Set --url to the ApiUrl that the deployment printed.',
      ],
    },
  },
  'keys.create refuses a call without a session token': {
    'no session token is needed': {
      fault: () => [/create/, { kind: 'answer', status: 400, body: badRequest }],
      says: ['401 UNAUTHORIZED', /^400 BAD_REQUEST "Invalid input: name is required", /],
    },
  },
};

/** The parts of the only message. */
function messageIn(printed: string) {
  const pattern = /^Failed: (.*)\n {2}expected: (.*)\n {2}received: (.*)\n {2}next: (.*)\n$/gm;
  const [message, ...more] = [...printed.matchAll(pattern)];
  expect(more).toEqual([]);
  const [, step = '', expected = '', received = '', next = ''] = message ?? [];
  return { step, expected, received, next };
}

describe('a broken stage', () => {
  const rows = Object.entries(broken).flatMap(([step, faults]) =>
    Object.entries(faults).map(([what, { fault, says }]) => ({ what, step, fault, says })),
  );
  it.each(rows)('fails with one message, and no key is left, when $what', async ({ step, fault, says }) => {
    proxy.fail(...fault());
    const { passed, printed } = await run();
    const message = messageIn(printed);
    const [expected, received, next = contract] = says;
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
    proxy.fail(/revoke/, { kind: 'answer', status: 503, body: unavailable }, always);
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

  it('of a wrong path mentions the gateway', async () => {
    const { passed, printed } = await run({ base: `${proxy.url}/wrong` });
    expect(passed).toBe(false);
    expect(messageIn(printed)).toMatchObject({
      received: '404 "Not Found", no x-request-id',
      next: 'The gateway does not have this path. Set --url to the ApiUrl that the deployment printed.',
    });
  });

  it('of a port that nothing listens on names the host', async () => {
    const gone = await startFaultyProxy(local.url);
    await gone.close();
    const { passed, printed } = await run({ base: gone.url });
    expect(passed).toBe(false);
    expect(messageIn(printed)).toMatchObject({
      received: 'none (ECONNREFUSED)',
      next: expect.stringContaining(`Nothing listens at 127.0.0.1:${gone.port}.`),
    });
  });

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
