import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { clerkApiUrl } from '../../../lambda/clerk/api-url';
import { showAccount } from '../../../tools/cli/aws-client';
import { checkedAnswers } from '../../../tools/cli/clerk-secret/answers';
import { signingKeyOf } from '../../../tools/cli/clerk-secret/instance';
import { putClerkSecret } from '../../../tools/cli/clerk-secret/put-clerk-secret';
import { StoredSecret } from '../../../tools/cli/clerk-secret/stored-secret';
import { CommandError } from '../../../tools/cli/command-error';
import { addressIn, environmentProblem } from '../../../tools/cli/environment';
import { deployedStage } from '../../../tools/cli/stage-argument';
import { apiForTests, newUser } from '../../support/api-harness';
import { commandEnvironment, runBeside } from '../../support/local-process';

const api = apiForTests();
afterEach(() => {
  jest.restoreAllMocks();
});

const newKey = 'sk_test_rotatedAndLongEnoughToBeFound';
const newWebhookSecret = 'whsec_bmV3LXNpZ25pbmctc2VjcmV0LW9mLXRlc3Rz';

interface PutOptions {
  readonly stage?: string;
  readonly kid?: string;
  readonly clerk?: string | undefined;
  /** Whether to use the stand-in as if it were AWS, which live keys need. */
  readonly atAws?: boolean;
  readonly agrees?: boolean;
}

/** Runs the command's function with these input lines. */
async function put(lines: string[], options: PutOptions = {}) {
  const { stage = 'dev', kid, clerk = api.clerk.url, atAws = false, agrees = true } = options;
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  if (atAws)
    jest.spyOn(StoredSecret, 'of').mockImplementationOnce((deployed) => realOf(deployed, api.secretsManager.url));
  const addresses = {
    clerkApiUrl: atAws ? undefined : clerk,
    ...(!atAws && { secretsManagerUrl: api.secretsManager.url }),
  };
  try {
    await putClerkSecret(
      deployedStage(stage, 'Usage: …'),
      { ...addresses, kid },
      {
        askForKeys: async () => {
          printed.push('(asks)');
          return checkedAnswers(lines[0] ?? '', lines[1]);
        },
        agreed: async () => agrees,
        print: { log: print, error: print },
      },
    );
    return { status: 0, printed: printed.join('\n'), failure: '' };
  } catch (error) {
    const failure = error instanceof CommandError ? error.message : `unexpected: ${error}`;
    return { status: 1, printed: printed.join('\n'), failure };
  }
}
const realOf = StoredSecret.of.bind(StoredSecret);

/** Sends the calls to Clerk's own address to the stand-in. */
function answerForClerk(): void {
  const realFetch = fetch;
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const url = String(input);
    return await realFetch(url.startsWith(clerkApiUrl) ? url.replace(clerkApiUrl, api.clerk.url) : url, init);
  });
}

const toStandIns = () => ['--clerk-api-url', api.clerk.url, '--secrets-manager-url', api.secretsManager.url];
/** Runs the command with its input from a pipe. */
const putBeside = (lines: string[], args = ['--stage', 'dev', ...toStandIns()], environment = {}) =>
  runBeside(
    'tools/cli/clerk-secret.ts',
    { args, environment: { ...commandEnvironment(api), ...environment } },
    (child) => child.stdin?.end(`${lines.join('\n')}\n`),
  );
const create = () => api.create('Rotated', { token: api.sessions.sign(newUser(), 60) });
const writes = () => api.secretsManager.calls.filter(({ operation }) => operation.endsWith('PutSecretValue'));

describe('the stage’s Clerk secret', () => {
  it('is stored with the public key that Clerk signs with, so that keys can be created', async () => {
    api.secret.value = undefined;
    expect((await create()).status).toBe(500);
    const { status, printed } = await put([api.usable.secretKey, newWebhookSecret]);
    expect({ status, printed }).toEqual({ status: 0, printed: expect.stringContaining('Stored as version') });
    expect(printed).toContain('user.deleted, organization.deleted and user.updated');
    const { secretKey, jwtKey, webhookSecret, ...more } = api.secret.value as Record<string, string>;
    expect([secretKey, webhookSecret, more]).toEqual([api.usable.secretKey, newWebhookSecret, {}]);
    const publicKey = (pem = '') => createPublicKey(pem).export({ format: 'jwk' });
    expect(publicKey(jwtKey)).toEqual(publicKey(api.usable.jwtKey));
    expect((await create()).status).toBe(200);
  });

  it('is rotated without a failed request while both keys are valid and after the old one is deleted', async () => {
    const statuses = [(await create()).status];
    api.clerkSecretKeys.push(newKey);
    expect((await put([newKey])).status).toBe(0);
    statuses.push((await create()).status);
    api.clerkSecretKeys.shift();
    for (let i = 0; i < 3; i += 1) statuses.push((await create()).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    expect(api.secret.value).toMatchObject({ secretKey: newKey, webhookSecret: api.usable.webhookSecret });
  });

  it('is printed masked, in no encoding', async () => {
    const [right, wrong] = await Promise.all(
      [api.usable.secretKey, 'sk_test_wrongButLongEnough'].map((key) => putBeside([key, newWebhookSecret])),
    );
    expect([right?.status, right?.stderr, wrong?.status]).toEqual([0, '', 1]);
    expect(api.secret.value).toMatchObject({ secretKey: api.usable.secretKey, webhookSecret: newWebhookSecret });
    const printed = JSON.stringify([right, wrong]);
    expect(printed).toContain('sk_test_… (15 characters)');
    expect(printed).toContain('whsec_… (42 characters)');
    const { jwtKey } = api.secret.value as { jwtKey: string };
    const pem = jwtKey.split('\n')[1] ?? 'PEM';
    const values = [api.usable.secretKey.slice(8), 'wrongButLongEnough', newWebhookSecret.slice(6), pem];
    const encoded = values.flatMap((value) => [
      value.slice(0, 7),
      Buffer.from(value).toString('base64').slice(0, 9),
      Buffer.from(value).toString('hex').slice(0, 14),
    ]);
    expect(encoded.filter((text) => printed.includes(text))).toEqual([]);
  });
});

describe('nothing is stored, and the last line says what to do, with', () => {
  const key = 'sk_test_whatever';
  it.each<[string, string[], Parameters<typeof put>[1], RegExp]>([
    ['a wrong key', ['sk_test_wrong'], {}, /^Clerk rejects this secret key \(401\)\. Copy it from/],
    ['a publishable key', ['pk_test_x'], {}, /^This is the publishable key \(pk_\)\. Copy the secret key/],
    ['no key', [''], {}, /^The secret key must be sk_test_ or sk_live_ followed by .* Copy it from/],
    ['a short signing secret', [key, 'whsec_AAAA'], {}, /^The signing secret must be whsec_ followed by base64/],
    ['a live key and another Clerk', ['sk_live_x'], {}, /^A live key \(sk_live_\) is stored at AWS only\./],
    ['a stage without a secret', [key], { stage: 'prod' }, /^The stage prod has no secret in this account/],
    ['an unreachable Clerk', [key], { clerk: 'http://127.0.0.1:9' }, /^Clerk at http:\S+ did not answer/],
    ['a stage that is not deployed', [key], { stage: 'local' }, /^Not a deployed stage: "local"\. Stages: dev, /],
    ['a refused confirmation', ['KEY'], { agrees: false }, /^Nothing was stored\.$/],
    ['an unknown signing key', ['KEY'], { kid: 'ins_x' }, /^Which key signs the session/],
  ])('%s', async (_what, lines, options, message) => {
    const before = api.secret.value;
    const given = lines.map((line) => (line === 'KEY' ? api.usable.secretKey : line));
    const { status, failure } = await put(given, options);
    expect(failure).toMatch(message);
    expect(status).toBe(1);
    expect(writes()).toEqual([]);
    expect(api.secret.value).toBe(before);
    for (const line of given.filter((text) => text.length > 8)) expect(failure).not.toContain(line);
  });

  it('a test key for a stage that accepts live keys', async () => {
    api.secretTags.stage = 'prod';
    const { status, failure } = await put([key], { stage: 'prod' });
    expect(failure).toContain('The stage prod accepts live keys only (sk_live_), and this is a test key.');
    expect([status, writes(), api.clerk.calls]).toEqual([1, [], []]);
  });

  it('a live key and another address of Clerk, to which nothing is sent', async () => {
    await expect(signingKeyOf('sk_live_x', { apiUrl: api.clerk.url })).rejects.toThrow(
      'A live key (sk_live_) is sent to https://api.clerk.com only. Leave out --clerk-api-url.',
    );
    expect(api.clerk.calls).toEqual([]);
  });

  it('a stored signing secret that cannot work, unless another one is given', async () => {
    api.secret.value = { webhookSecret: 'whsec_AAAA' };
    expect((await put([api.usable.secretKey])).failure).toMatch(
      /^The stored signing secret must be whsec_ followed by/,
    );
    expect(writes()).toEqual([]);
    expect((await put([api.usable.secretKey, newWebhookSecret])).status).toBe(0);
  });

  it('credentials of another account than the stage’s', async () => {
    const { stage, ...deployed } = deployedStage('dev', '');
    const elsewhere = { ...deployed, stage: { ...stage, account: '111122223333' } };
    const arn = 'arn:aws:secretsmanager:us-east-1:444455556666:secret:x';
    expect(() => showAccount(elsewhere, arn, console)).toThrow(
      'The stage dev is in the account 111122223333, and these AWS credentials are of the account 444455556666.',
    );
  });

  it('a refusal by AWS', async () => {
    const body = { __type: 'AccessDeniedException', Message: 'no' };
    api.secretsManager.fail(/PutSecretValue/, { kind: 'answer', status: 400, body });
    const { status, failure } = await put([api.usable.secretKey]);
    expect(failure).toContain('The call to Secrets Manager failed (AccessDeniedException). Nothing was stored.');
    expect(status).toBe(1);
  });
});

it('asks for the signing key when Clerk has several, and uses the named one', async () => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
  const ours = (api.sessions.jwks() as { keys: { kid: string }[] }).keys;
  const body = { keys: [{ ...other, kid: 'ins_other' }, ...ours] };
  api.clerk.fail(/jwks/, { kind: 'answer', status: 200, body }, 2);
  const kid = ours[0]?.kid ?? '';
  expect((await put([api.usable.secretKey])).failure).toContain(`Clerk has ins_other, ${kid}.`);
  expect((await put([api.usable.secretKey], { kid })).status).toBe(0);
  expect((await create()).status).toBe(200);
});

it('prints its usage for an unknown option', async () => {
  const { status, stderr } = await putBeside([], ['--secret', 'x']);
  expect(stderr.trim()).toMatch(/^Usage: npm run clerk-secret -- --stage STAGE/);
  expect(status).toBe(1);
});

it('warns of a live key in a development stage, and stores it', async () => {
  api.clerkSecretKeys.push('sk_live_tried');
  answerForClerk();
  const { status, printed } = await put(['sk_live_tried'], { atAws: true });
  expect(printed).toContain('Warning: this is a live key, and dev is a development stage.');
  expect([status, api.secret.value]).toMatchObject([0, { secretKey: 'sk_live_tried' }]);
});

describe('the stage’s secret', () => {
  const page = (SecretList: object[], NextToken?: string) =>
    api.secretsManager.fail(/ListSecrets/, { kind: 'answer', status: 200, body: { SecretList, NextToken } });
  const ours = (Name: string) => ({
    Name,
    ARN: `arn:aws:secretsmanager:us-east-1:000000000000:secret:${Name}`,
    Tags: Object.entries(api.secretTags).map(([Key, Value]) => ({ Key, Value })),
  });

  it('is found on the second page of a list whose first page is empty', async () => {
    page([], 'next');
    expect((await put([api.usable.secretKey])).failure).toBe('');
    const lists = api.secretsManager.calls.filter(({ operation }) => operation.endsWith('ListSecrets'));
    expect(lists.map(({ body }) => JSON.parse(body).NextToken)).toEqual([undefined, 'next']);
  });

  it('is ambiguous if two pages have one each', async () => {
    page([ours('First')], 'next');
    page([ours('Second')]);
    expect((await put([api.usable.secretKey])).failure).toContain(
      'Several secrets have the tags of the stage dev: First, Second.',
    );
    expect(writes()).toEqual([]);
  });

  it('can have the name in the stage’s configuration', async () => {
    const { stage, ...deployed } = deployedStage('dev', '');
    const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:named-a1B2c3';
    api.secretsManager.fail(/DescribeSecret/, { kind: 'answer', status: 200, body: { ARN } });
    const named = { ...deployed, stage: { ...stage, clerkSecretName: 'named' } };
    expect((await StoredSecret.of(named, api.secretsManager.url)).arn).toBe(ARN);
  });
});

describe('where keys are sent', () => {
  it('is shown before the keys are asked for', async () => {
    const { printed } = await put([api.usable.secretKey]);
    const [aws, clerk, asks] = printed.split('\n');
    expect(aws).toContain('AWS    account 000000000000, Region us-east-1: arn:aws:secretsmanager:us-east-1:');
    expect([clerk, asks]).toEqual([`Clerk  ${api.clerk.url}`, '(asks)']);
  });

  it.each([
    ['CLERK_API_URL', /^CLERK_API_URL is set, and commands do not use it\. Unset it, or use the flag --clerk-api-url/],
    ['AWS_ENDPOINT_URL', /^AWS_ENDPOINT_URL is set, and commands do not use it\./],
    ['AWS_ENDPOINT_URL_SECRETS_MANAGER', /^AWS_ENDPOINT_URL_SECRETS_MANAGER is set, .* --secrets-manager-url/],
    ['AWS_ENDPOINT_URL_DYNAMODB', /^AWS_ENDPOINT_URL_DYNAMODB is set, .* --dynamodb-url/],
  ])('is not taken from %s', (name, message) => {
    expect(environmentProblem({ [name]: 'https://elsewhere.example.com' })).toMatch(message);
  });

  it('never is a server whose certificate is not verified', () => {
    expect(environmentProblem({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toMatch(/^NODE_TLS_REJECT_UNAUTHORIZED=0 turns/);
    expect(environmentProblem({ NODE_TLS_REJECT_UNAUTHORIZED: '1', AWS_PROFILE: 'dev' })).toBeUndefined();
  });

  it('is checked before the command starts: nothing is sent', async () => {
    const environment = { CLERK_API_URL: api.clerk.url, AWS_ENDPOINT_URL_SECRETS_MANAGER: api.secretsManager.url };
    const { status, stderr } = await putBeside([api.usable.secretKey], ['--stage', 'dev'], environment);
    expect([status, stderr.trim()]).toEqual([1, expect.stringMatching(/^CLERK_API_URL is set/)]);
    expect([...api.clerk.calls, ...api.secretsManager.calls]).toEqual([]);
  });

  it.each(['http://clerk.example.com', 'http://localhost.example.com', 'https://a:b@clerk.example.com', 'clerk', ''])(
    'cannot be %j',
    (url) => {
      expect(() => addressIn('--clerk-api-url', url)).toThrow('--clerk-api-url must be an https:// URL');
    },
  );
});
