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

/** The keys that are left, asked for past the proxy. */
async function activeKeys(): Promise<{ id: string; name: string }[]> {
  const headers = { authorization: `Bearer ${token}` };
  return await (await fetch(`${local.url}/trpc/keys.list`, { headers })).json();
}

/** Every secret that the service has told, whether or not it got through. */
const secretsTold = () => proxy.answers.join().match(/sk_satori_[\w-]{40,}/g) ?? [];

/** Neither the session token nor a secret is in what was printed, nor half of one. */
function expectNothingTold(printed: string): void {
  const halves = [token, ...secretsTold()].flatMap((text) => [text.slice(0, 40), text.slice(-24)]);
  expect(halves.filter((half) => printed.includes(half))).toEqual([]);
}

/** The command, in a process of its own. */
async function smoke(args: readonly string[], onStart?: Parameters<typeof runBeside>[2]) {
  const options = { args, environment: { CLERK_JWT: token } };
  const result = await runBeside('tools/cli/smoke.ts', options, onStart);
  expectNothingTold(result.stdout + result.stderr);
  return result;
}

/** The checks in this process, with less patience. What is printed of times is 1 ms. */
async function run({ base = proxy.url, callMs = 5_000 } = {}) {
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
    patienceMs: 300,
  });
  expectNothingTold(printed);
  return { passed, printed };
}

const always = Number.POSITIVE_INFINITY;
const cleanedUp = /^Cleaned up: the key [0-9a-f-]{36} is revoked\.$/m;

describe('the command', () => {
  it('passes, and leaves no key behind', async () => {
    const { status, stdout, stderr } = await smoke(['--url', `${proxy.url}/trpc`]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.replace(/\d+ ms/g, '1 ms').replace(/\d\.\d s/, '1.2 s')).toBe(`Checking ${proxy.url}/trpc
  ✓ GET /health says ok (1 ms)
  ✓ keys.create refuses who is not signed in (1 ms)
  ✓ keys.whoami refuses a made-up key (1 ms)
  ✓ keys.create makes a key (1 ms)
  ✓ keys.whoami knows its holder (1 ms)
  ✓ keys.list shows it, without its secret (1 ms)
  ✓ keys.create refuses a second of its name (1 ms)
  ✓ keys.revoke ends it (1 ms)
  ✓ keys.revoke says so again (1 ms)
  ✓ keys.whoami refuses it at once (1 ms)
  ✓ keys.list shows it no more (1 ms)
All 11 checks passed in 1.2 s.
`);
    expect(secretsTold()).toHaveLength(1);
    expect(await activeKeys()).toEqual([]);
  });

  it('asks nothing that needs a token with --public, and makes no key', async () => {
    const { status, stdout } = await smoke(['--url', `${proxy.url}/trpc/`, '--public']);
    expect([status, stdout]).toEqual([0, expect.stringContaining('All 3 checks passed in ')]);
    const asked = proxy.calls.map(({ operation }) => operation);
    expect(asked).toEqual(['GET /health', 'POST /trpc/keys.create', 'GET /trpc/keys.whoami']);
    expect(secretsTold()).toEqual([]);
  });

  it('fails with 1 and one message where the answer of create is lost, and revokes what was made', async () => {
    proxy.fail(/create/, lost, always);
    const { status, stdout, stderr } = await smoke(['--url', proxy.url]);
    expect(status).toBe(1);
    expect(stderr.replace(/ECONNRESET/, 'UND_ERR_SOCKET')).toBe(`
Failed: keys.create makes a key
  expected: an answer to POST /trpc/keys.create within 10 s
  came: none (UND_ERR_SOCKET)
  next: The connection to ${new URL(proxy.url).host} broke: run this again.

`);
    expect(stdout).toMatch(/ {2}✗ keys\.create makes a key \(\d+ ms\)\n/);
    expect(stdout).toMatch(cleanedUp);
    expect(secretsTold()).toHaveLength(1);
    expect(await activeKeys()).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('cleans up when %s stops it in the middle', async (signal) => {
    const { status, stdout, stderr } = await smoke(['--url', proxy.url], (child) => {
      const stop = async () => {
        child.kill(signal);
        child.kill(signal);
        await new Promise((resolve) => setTimeout(resolve, 100));
      };
      // The first of them makes no key.
      proxy.afterEffectOf(/create/, () => proxy.afterEffectOf(/create/, stop));
    });
    expect({ status, stderr }).toEqual({
      status: 130,
      stderr: 'Stopping after this check, and cleaning up.\n',
    });
    expect(stdout).toMatch(cleanedUp);
    expect(secretsTold()).toHaveLength(1);
    expect(await activeKeys()).toEqual([]);
  });

  it('exits with 2 where it is called wrongly', async () => {
    const { status, stderr } = await smoke(['--url', 'http://keys.example.com', token]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('\n\nUsage: CLERK_JWT=TOKEN npm run smoke'),
    ]);
    expect(proxy.calls).toEqual([]);
  });
});

const contract = 'The service does not keep its contract: look its id up in the logs';
const created = 'id, clerkUserId, clerkKeyId, name, secret, createdAt';
const listed = 'id, clerkUserId, clerkKeyId, name, lastUsedAt, createdAt, revokedAt';
const badRequest = { error: { message: 'Invalid input: name is required', code: 'BAD_REQUEST' } };
const internal = (message: string) => ({ error: { message, code: 'INTERNAL_SERVER_ERROR' } });
const unavailable = { error: { message: 'Service unavailable, try again', code: 'SERVICE_UNAVAILABLE' } };

const broken: {
  what: string;
  fault: () => Parameters<FaultyProxy['fail']>;
  step: string;
  expected: string;
  came: RegExp;
  /** That the contract is not kept, where nothing else stands here. */
  next?: string;
}[] = [
  {
    what: 'a revoked key is still accepted',
    fault: () => [/whoami/, replayed(), always],
    step: 'keys.whoami refuses it at once',
    expected: '401 UNAUTHORIZED',
    came: /^200, x-request-id [0-9a-f-]{36}$/,
  },
  {
    what: 'the list has a field `secret`',
    fault: () => [
      /list/,
      altered((list) => list.map((key: object) => ({ ...key, secret: secretsTold()[0] }))),
    ],
    step: 'keys.list shows it, without its secret',
    expected: `members of the list with exactly ${listed}`,
    came: /^members of the list with id, .*, revokedAt, secret \(200, x-request-id /,
  },
  {
    what: 'the list has the secret in another field',
    fault: () => [
      /list/,
      altered((list) => list.map((key: object) => ({ ...key, lastUsedAt: secretsTold()[0] }))),
    ],
    step: 'keys.list shows it, without its secret',
    expected: 'no secret in the list',
    came: /^one \(200, /,
  },
  {
    what: 'the list never shows the key',
    fault: () => [/list/, altered(() => []), always],
    step: 'keys.list shows it, without its secret',
    expected: 'a list with the key within 0.3 s',
    came: /^one without it \(200, x-request-id /,
  },
  {
    what: 'the list still shows a revoked key',
    fault: () => [/list/, replayed(), always],
    step: 'keys.list shows it no more',
    expected: 'a list without the key within 0.3 s',
    came: /^one with it \(200, x-request-id /,
  },
  {
    what: 'the fields of a new key are in another order',
    fault: () => [/create/, altered(({ secret, ...key }) => ({ secret, ...key })), always],
    step: 'keys.create makes a key',
    expected: `a key with exactly ${created}`,
    came: /^a key with secret, id, clerkUserId, clerkKeyId, name, createdAt \(200, /,
  },
  {
    what: 'a new key has no id',
    fault: () => [/create/, altered(({ id, ...key }) => key), always],
    step: 'keys.create makes a key',
    expected: `a key with exactly ${created}`,
    came: /^a key with clerkUserId, clerkKeyId, name, secret, createdAt \(200, /,
  },
  {
    what: 'a new key is another user’s',
    fault: () => [/create/, altered((key) => ({ ...key, clerkUserId: newUser() })), always],
    step: 'keys.create makes a key',
    expected: 'a clerkUserId as in the contract',
    came: /^another clerkUserId \(200, /,
  },
  {
    what: 'a cache may keep the answer with the secret',
    fault: () => [/create/, without('cache-control'), always],
    step: 'keys.create makes a key',
    expected: 'cache-control: no-store',
    came: /^no cache-control \(200, /,
  },
  {
    what: 'a key is made and the answer is 500, with what it should not quote',
    fault: () => [/create/, altered(({ secret }) => internal(`${secret} for "${token}"`), 500), always],
    step: 'keys.create makes a key',
    expected: '200',
    came: /^500 INTERNAL_SERVER_ERROR "\(a secret\) for \\"\(a token\)\\"", x-request-id /,
    next: 'A fault of the service: look its id up in the logs, as docs/operations.md says. On a new stage',
  },
  {
    what: 'a revocation fails twice',
    fault: () => [/revoke/, { kind: 'answer', status: 503, body: unavailable }, 2],
    step: 'keys.revoke ends it',
    expected: '200',
    came: /^503 SERVICE_UNAVAILABLE "Service unavailable, try again", no x-request-id$/,
    next: 'Clerk, DynamoDB or Secrets Manager did not answer in time: run this again.',
  },
  {
    what: 'the holder of a key is another',
    fault: () => [/whoami/, altered((holder) => ({ ...holder, name: 'Another' })), always],
    step: 'keys.whoami knows its holder',
    expected: 'id, clerkUserId and name of the key',
    came: /^those of another \(200, /,
  },
  {
    what: 'it sends its callers elsewhere',
    fault: () => [
      /health/,
      { kind: 'answer', status: 302, body: '', headers: { location: `${local.url}/health` } },
    ],
    step: 'GET /health says ok',
    expected: '200',
    came: /^302, no JSON, no x-request-id$/,
    next: 'The URL leads elsewhere. Give --url the ApiUrl that the deployment printed.',
  },
  {
    what: 'nobody has to sign in',
    fault: () => [/create/, { kind: 'answer', status: 400, body: badRequest }],
    step: 'keys.create refuses who is not signed in',
    expected: '401 UNAUTHORIZED',
    came: /^400 BAD_REQUEST "Invalid input: name is required", /,
  },
];

/** The parts of the one message. */
function messageIn(printed: string) {
  const pattern = /^Failed: (.*)\n {2}expected: (.*)\n {2}came: (.*)\n {2}next: (.*)\n$/gm;
  const [message, ...more] = [...printed.matchAll(pattern)];
  expect(more).toEqual([]);
  const [, step = '', expected = '', came = '', next = ''] = message ?? [];
  return { step, expected, came, next };
}

describe('a stage that is broken', () => {
  it.each(broken)(
    'fails where $what, says so in one message, and no key is left',
    async ({ fault, ...told }) => {
      proxy.fail(...fault());
      const { passed, printed } = await run();
      const { step, expected, came, next } = messageIn(printed);
      expect({ passed, step }).toEqual({ passed: false, step: told.step });
      expect(expected).toContain(told.expected);
      expect(came).toMatch(told.came);
      expect(next).toContain(told.next ?? contract);
      expect(printed).toContain(`  ✗ ${step} (1 ms)\n`);
      expect(await activeKeys()).toEqual([]);
    },
  );

  it('passes where the list is a moment late', async () => {
    proxy.fail(
      /list/,
      altered(() => []),
    );
    expect(await run()).toMatchObject({ passed: true });
  });

  it('fails where an answer does not come in time, and revokes the key', async () => {
    proxy.fail(/list/, { kind: 'hang', effect: true });
    const { passed, printed } = await run({ callMs: 200 });
    expect(passed).toBe(false);
    expect(messageIn(printed)).toMatchObject({
      expected: 'an answer to GET /trpc/keys.list within 0.2 s',
      came: 'none (timeout)',
      next: expect.stringContaining('took too long: run this again.'),
    });
    expect(printed).toMatch(cleanedUp);
    expect(await activeKeys()).toEqual([]);
  });

  it('says which key to revoke by hand, and how, where no revocation works', async () => {
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

  it('says under which name to look where nobody can tell whether there is a key', async () => {
    proxy.fail(/create/, lost, always);
    proxy.fail(/list/, { kind: 'reset', effect: false }, always);
    const { passed, printed } = await run();
    const [key] = await activeKeys();
    expect(passed).toBe(false);
    expect(printed).toContain(`Not cleaned up: nobody can tell whether there is a key "${key?.name}"`);
  });

  it('says so where a failed create has made no key', async () => {
    // The first of them makes no key.
    proxy.afterEffectOf(/create/, () => proxy.fail(/create/, { kind: 'answer', status: 500, body: {} }));
    const { printed } = await run();
    expect(printed).toMatch(/^Nothing to clean up: keys\.list shows no key named "Smoke test \S+ \w{8}"\.$/m);
  });
});

describe('a call that was wrong', () => {
  const payload = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url');

  it('to another path names the gateway', async () => {
    const { passed, printed } = await run({ base: `${proxy.url}/wrong` });
    expect(passed).toBe(false);
    expect(messageIn(printed)).toMatchObject({
      came: '404 "Not Found", no x-request-id',
      next: 'The gateway knows no such path. Give --url the ApiUrl that the deployment printed.',
    });
  });

  it('to where nothing listens names the host', async () => {
    const gone = await startFaultyProxy(local.url);
    await gone.close();
    const { passed, printed } = await run({ base: gone.url });
    expect(passed).toBe(false);
    expect(messageIn(printed)).toMatchObject({
      came: 'none (ECONNREFUSED)',
      next: expect.stringContaining(`Nothing listens at 127.0.0.1:${gone.port}.`),
    });
  });

  it.each([
    [
      'expired',
      { exp: Date.now() / 1000 - 30 },
      /^The session token expired \d\d s ago; it lives a minute\./,
    ],
    [
      'of another instance',
      { exp: Date.now() / 1000 + 3600, iss: 'https://clerk.other.test', azp: 'https://other.test' },
      /^The session token lives .* Its issuer is https:\/\/clerk\.other\.test and its azp https:\/\/other\.test:/,
    ],
  ])('with a token that is %s says what the token says of itself', async (_what, claims, next) => {
    token = `${payload({ alg: 'RS256' })}.${payload(claims)}.c2lnbmF0dXJlIG9mIG5vYm9keSBhdCBhbGw`;
    const { passed, printed } = await run();
    const message = messageIn(printed);
    expect({ passed, step: message.step }).toEqual({ passed: false, step: 'keys.create makes a key' });
    expect(message.came).toMatch(/^401 UNAUTHORIZED "Unauthorized", x-request-id [0-9a-f-]{36}$/);
    expect(message.next).toMatch(next);
  });
});
