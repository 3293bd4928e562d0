import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { checkedAnswers } from '../../../tools/cli/clerk-secret/answers';
import { putClerkSecret } from '../../../tools/cli/clerk-secret/put-clerk-secret';
import { CommandError } from '../../../tools/cli/command-error';
import { deployedStage } from '../../../tools/cli/stage-argument';
import { apiForTests, newUser } from '../../support/api-harness';
import { runBeside } from '../../support/local-process';

const api = apiForTests();

const newKey = 'sk_test_rotatedAndLongEnoughToBeFound';
const newWebhookSecret = 'whsec_bmV3LXNpZ25pbmctc2VjcmV0LW9mLXRlc3Rz';

interface PutOptions {
  readonly stage?: string;
  readonly kid?: string;
  readonly clerk?: string;
  readonly agrees?: boolean;
}

/** What the command does, told the lines; how it ends and all that it prints. */
async function put(
  lines: string[],
  { stage = 'dev', kid, clerk = api.clerk.url, agrees = true }: PutOptions = {},
) {
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  try {
    await putClerkSecret(
      deployedStage(stage, 'Usage: …'),
      { apiUrl: clerk, kid },
      {
        askForKeys: async () => checkedAnswers(lines[0] ?? '', lines[1]),
        agreed: async () => agrees,
        print: { log: print, error: print },
      },
    );
    return { status: 0, printed: printed.join('\n'), failure: '' };
  } catch (error) {
    const failure = error instanceof CommandError ? error.message : `not said: ${error}`;
    return { status: 1, printed: printed.join('\n'), failure };
  }
}

/** The command itself, as a pipe calls it. */
const putBeside = (lines: string[], args = ['--stage', 'dev']) =>
  runBeside(
    'tools/cli/clerk-secret.ts',
    {
      args,
      environment: {
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_ENDPOINT_URL_SECRETS_MANAGER: api.secretsManager.url,
        CLERK_API_URL: api.clerk.url,
      },
    },
    (child) => child.stdin?.end(`${lines.join('\n')}\n`),
  );
const create = () => api.create('Rotated', { token: api.sessions.sign(newUser(), 60) });
const writes = () => api.secretsManager.calls.filter(({ operation }) => operation.endsWith('PutSecretValue'));

describe('the stage’s Clerk secret', () => {
  it('is put in with the public key that Clerk signs with, and then keys can be made', async () => {
    api.secret.value = undefined;
    expect((await create()).status).toBe(500);
    const { status, stdout, stderr } = await putBeside([api.usable.secretKey, newWebhookSecret]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { secretKey, jwtKey, webhookSecret, ...more } = api.secret.value as Record<string, string>;
    expect({ secretKey, webhookSecret, more }).toEqual({
      secretKey: api.usable.secretKey,
      webhookSecret: newWebhookSecret,
      more: {},
    });
    const publicKey = (pem = '') => createPublicKey(pem).export({ format: 'jwk' });
    expect(publicKey(jwtKey)).toEqual(publicKey(api.usable.jwtKey));
    expect(stdout).toContain('Stored, as version');
    expect((await create()).status).toBe(200);
  });

  it('is rotated without a failed request: first both keys are good, then the old one is deleted', async () => {
    const statuses = [(await create()).status];
    api.clerkSecretKeys.push(newKey);
    expect((await put([newKey])).status).toBe(0);
    statuses.push((await create()).status);
    api.clerkSecretKeys.shift();
    for (let i = 0; i < 3; i += 1) statuses.push((await create()).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    expect(api.secret.value).toMatchObject({ secretKey: newKey, webhookSecret: api.usable.webhookSecret });
  });

  it('is shown masked: nothing that is stored is printed, in whatever writing', async () => {
    const { stdout, stderr } = await putBeside([api.usable.secretKey, newWebhookSecret]);
    const wrong = await putBeside(['sk_test_wrongButLongEnough', newWebhookSecret]);
    expect(wrong.status).toBe(1);
    const printed = [stdout, stderr, wrong.stdout, wrong.stderr].join();
    expect(printed).toContain('sk_test_… (15 characters)');
    expect(printed).toContain('whsec_… (42 characters)');
    const { jwtKey } = api.secret.value as { jwtKey: string };
    const values = [
      api.usable.secretKey.slice(8),
      'wrongButLongEnough',
      newWebhookSecret.slice(6),
      jwtKey.split('\n')[1] ?? 'PEM',
    ];
    const written = values.flatMap((value) => [
      value.slice(0, 7),
      Buffer.from(value).toString('base64').slice(0, 9),
      Buffer.from(value).toString('hex').slice(0, 14),
    ]);
    expect(written.filter((text) => printed.includes(text))).toEqual([]);
  });
});

describe('nothing is stored, and the last line says what to do, for', () => {
  const key = 'sk_test_whatever';
  it.each<[string, string[], Parameters<typeof put>[1], RegExp]>([
    ['a wrong key', ['sk_test_wrong'], {}, /^Clerk does not take this secret key \(401\)\. Copy it from/],
    [
      'a publishable key',
      ['pk_test_x'],
      {},
      /^A secret key starts with sk_test_ or sk_live_, and this is the pub/,
    ],
    ['no key', [''], {}, /^A secret key starts with sk_test_ or sk_live_: copy it from/],
    ['a signing secret that is none', [key, 'sk_x'], {}, /^A signing secret starts with whsec_: copy it/],
    [
      'a stage without a secret',
      [key],
      { stage: 'prod' },
      /^There is no secret of the stage prod in this account/,
    ],
    [
      'a Clerk that is not there',
      [key],
      { clerk: 'http://127.0.0.1:9' },
      /^Clerk at http:\S+ did not answer/,
    ],
    [
      'a stage that is not deployed',
      [key],
      { stage: 'local' },
      /^No such stage to deploy: "local"\. Stages: dev, /,
    ],
    ['a person who does not agree', ['KEY'], { agrees: false }, /^Nothing was stored\.$/],
    ['a signing key that Clerk has not', ['KEY'], { kid: 'ins_x' }, /^Which key signs the session/],
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

  it('a test key in a stage for live ones', async () => {
    api.secretTags.stage = 'prod';
    const { status, failure } = await put([key], { stage: 'prod' });
    expect(failure).toContain('The stage prod takes live keys only (sk_live_), and this is a test key.');
    expect({ status, writes: writes(), asked: api.clerk.calls }).toEqual({
      status: 1,
      writes: [],
      asked: [],
    });
  });

  it('AWS that refuses', async () => {
    api.secretsManager.fail(/PutSecretValue/, {
      kind: 'answer',
      status: 400,
      body: { __type: 'AccessDeniedException', Message: 'no' },
    });
    const { status, failure } = await put([api.usable.secretKey]);
    expect(failure).toContain('Secrets Manager did not do it (AccessDeniedException). Nothing was stored.');
    expect(status).toBe(1);
  });
});

it('asks which key signs where Clerk has several, and takes the one that is named', async () => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
  const ours = (api.sessions.jwks() as { keys: { kid: string }[] }).keys;
  const both = {
    kind: 'answer',
    status: 200,
    body: { keys: [{ ...other, kid: 'ins_other' }, ...ours] },
  } as const;
  api.clerk.fail(/jwks/, both, 2);
  const kid = ours[0]?.kid ?? '';
  expect((await put([api.usable.secretKey])).failure).toContain(`Clerk has: ins_other, ${kid}.`);
  expect((await put([api.usable.secretKey], { kid })).status).toBe(0);
  expect((await create()).status).toBe(200);
});

it('says how it is called to whoever calls it otherwise', async () => {
  const { status, stderr } = await putBeside([], ['--secret', 'x']);
  expect(stderr.trim()).toMatch(/^Usage: npm run clerk-secret -- --stage STAGE/);
  expect(status).toBe(1);
});

it('warns of a live key in a stage for trying things, and stores it', async () => {
  api.clerkSecretKeys.push('sk_live_tried');
  const { status, printed } = await put(['sk_live_tried']);
  expect(printed).toContain('Warning: this is a live key, and dev is a stage for trying things.');
  expect({ status, stored: api.secret.value }).toMatchObject({
    status: 0,
    stored: { secretKey: 'sk_live_tried' },
  });
});
