import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { checkedAnswers } from '../../../tools/cli/clerk-secret/answers';
import { putClerkSecret } from '../../../tools/cli/clerk-secret/put-clerk-secret';
import { CommandError } from '../../../tools/cli/command-error';
import { deployedStage } from '../../../tools/cli/stage-argument';
import { apiForTests, newUser } from '../../support/api-harness';
import { commandEnvironment, runBeside } from '../../support/local-process';

const api = apiForTests();

const newKey = 'sk_test_rotatedAndLongEnoughToBeFound';
const newWebhookSecret = 'whsec_bmV3LXNpZ25pbmctc2VjcmV0LW9mLXRlc3Rz';

interface PutOptions {
  readonly stage?: string;
  readonly kid?: string;
  readonly clerk?: string;
  readonly agrees?: boolean;
}

/** Runs the command's function with these input lines. */
async function put(lines: string[], { stage = 'dev', kid, clerk = api.clerk.url, agrees = true }: PutOptions = {}) {
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
    const failure = error instanceof CommandError ? error.message : `unexpected: ${error}`;
    return { status: 1, printed: printed.join('\n'), failure };
  }
}

/** Runs the command with its input from a pipe. */
const putBeside = (lines: string[], args = ['--stage', 'dev']) =>
  runBeside('tools/cli/clerk-secret.ts', { args, environment: commandEnvironment(api) }, (child) =>
    child.stdin?.end(`${lines.join('\n')}\n`),
  );
const create = () => api.create('Rotated', { token: api.sessions.sign(newUser(), 60) });
const writes = () => api.secretsManager.calls.filter(({ operation }) => operation.endsWith('PutSecretValue'));

describe('the stage’s Clerk secret', () => {
  it('is stored with the public key that Clerk signs with, so that keys can be created', async () => {
    api.secret.value = undefined;
    expect((await create()).status).toBe(500);
    const { status, printed } = await put([api.usable.secretKey, newWebhookSecret]);
    expect({ status, printed }).toEqual({ status: 0, printed: expect.stringContaining('Stored as version') });
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
    ['a publishable key', ['pk_test_x'], {}, /^A secret key starts with sk_test_ or sk_live_; this is the pub/],
    ['no key', [''], {}, /^A secret key starts with sk_test_ or sk_live_\. Copy it from/],
    ['a malformed signing secret', [key, 'sk_x'], {}, /^A signing secret starts with whsec_\. Copy it/],
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
  const { status, printed } = await put(['sk_live_tried']);
  expect(printed).toContain('Warning: this is a live key, and dev is a development stage.');
  expect([status, api.secret.value]).toMatchObject([0, { secretKey: 'sk_live_tried' }]);
});
