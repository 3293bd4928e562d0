import { signDelivery, userDeleted } from '../../local/clerk/webhooks';
import { type Answer, type ApiHarness, newUser, startApiHarness } from '../support/api-harness';
import type { Fault } from '../support/faulty-proxy';
import { webhookEvent } from '../support/http-api-events';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness();
});
afterAll(() => api.close());

const always = Number.POSITIVE_INFINITY;
const resetAfter: Fault = { kind: 'reset', effect: true };
const fail = (status: number): Fault => ({
  kind: 'answer',
  status,
  body: {
    __type: 'SomeException',
    message: 'no',
    errors: [{ message: 'no', long_message: 'no', code: 'no' }],
  },
});

/** All that a request can go through, and what it hands out on the way. */
const scenarios: [string, () => void][] = [
  ['all is well', () => {}],
  ['Clerk resets after the effect', () => api.clerk.fail(/POST/, resetAfter)],
  ['Clerk’s answer is cut off', () => api.clerk.fail(/POST/, { kind: 'truncate' })],
  [
    'Clerk’s answer is of another type',
    () => api.clerk.fail(/POST/, { kind: 'content-type', value: 'text/plain' }),
  ],
  ['Clerk refuses our secret', () => api.clerk.fail(/POST/, fail(401), 2)],
  ['Clerk finds the request wrong', () => api.clerk.fail(/POST/, fail(422))],
  ['Clerk is limited', () => api.clerk.fail(/POST/, fail(429))],
  ['the table refuses', () => api.dynamodb.fail(/PutItem/, fail(400), always)],
  ['the table’s answers are lost', () => api.dynamodb.fail(/PutItem|GetItem/, resetAfter, always)],
  ['Secrets Manager is down', () => api.secretsManager.fail(/./, fail(500), always)],
  ['the secret is malformed', () => Object.assign(api.secret, { value: { ...api.usable, jwtKey: 'x' } })],
];

/** The ways that a value may be written: raw, and what encoders make of it; its start alone counts too. */
const writings = (value: string) => [
  value,
  value.slice(0, 12),
  Buffer.from(value).toString('base64').slice(0, 24),
  Buffer.from(value).toString('hex').slice(0, 24),
];

describe.each(scenarios)('while %s', (_what, arrange) => {
  let answer: Answer;
  let token: string;
  let user: string;

  beforeAll(async () => {
    api.reset();
    api.coldStart();
    arrange();
    user = newUser();
    // The end of a JWT is its own; its start is the same for all.
    token = api.sessions.sign(user, 60);
    answer = await api.create('Leaky', { token });
  });

  const searched = async () => ({
    log: JSON.stringify(api.logged),
    answer: answer.status === 200 ? '' : answer.text,
    headers: JSON.stringify(answer.headers),
    items: JSON.stringify(await api.items(user)),
  });

  it('no secret and no token is in the log, an error, a header or an item', async () => {
    const clerkAnswers = api.clerk.answers.map((body) => /"secret":"(ak_[^"]+)"/.exec(body)?.[1] ?? '');
    const canaries = [
      token.slice(-40),
      api.usable.secretKey,
      ...clerkAnswers.filter(Boolean).map((secret) => secret.slice(3)),
      ...(answer.status === 200 ? [answer.json.secret] : []),
    ];
    for (const [place, text] of Object.entries(await searched())) {
      for (const written of canaries.flatMap(writings))
        expect({ place, text }).not.toEqual({ place, text: expect.stringContaining(written) });
    }
  });

  it('no digest is anywhere but in the table', async () => {
    const { items: _theTable, ...elsewhere } = await searched();
    const digests = api.dynamodb.calls.flatMap(
      ({ body }) => /"secretDigest":\{"S":"(\w+)"/.exec(body)?.[1] ?? [],
    );
    for (const digest of digests) expect(JSON.stringify(elsewhere)).not.toContain(digest);
  });
});

it('hunts for what is really there: a secret was made, told and digested', async () => {
  api.reset();
  api.coldStart();
  const { json } = await api.create('Hunted', { token: api.sessions.sign(newUser(), 60) });
  expect(api.clerk.answers.join()).toContain(json.secret.slice(32, -6));
  expect(api.dynamodb.calls.map(({ body }) => body).join()).toMatch(/"secretDigest":\{"S":"[0-9a-f]{64}"/);
});

it('lets nothing out of a key’s later life either: used, limited, altered, listed, revoked, its user deleted', async () => {
  api.reset();
  api.coldStart({ KEY_REQUESTS_PER_MINUTE: '1' });
  const user = newUser();
  const token = api.sessions.sign(user, 60);
  const [key, other] = [
    (await api.create('Key', { token })).json,
    (await api.create('Other', { token })).json,
  ];
  const digests = (await api.items(user)).map((item) => item.secretDigest?.S ?? '');
  const delivery = signDelivery(api.usable.webhookSecret, userDeleted(user));
  const answers = [
    await api.whoami(key.secret),
    await api.whoami(key.secret),
    await api.whoami(`${key.secret}x`),
    await api.list(token),
    await api.revoke(key.id, token),
    await api.whoami(key.secret),
    await api.send(webhookEvent(delivery)),
    await api.send(webhookEvent({ ...delivery, body: `${delivery.body} ` })),
    await api.whoami(other.secret),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 429, 401, 200, 200, 401, 200, 400, 401]);
  const canaries = [
    key.secret.slice(32),
    other.secret.slice(32),
    token.slice(-40),
    api.usable.secretKey,
    api.usable.webhookSecret,
    delivery.headers['svix-signature'] ?? '',
    ...digests,
  ];
  const places = JSON.stringify([api.logged, answers.map(({ text, headers }) => [text, headers])]);
  expect(canaries.flatMap(writings).filter((written) => places.includes(written))).toEqual([]);
  const items = JSON.stringify(await api.items(user));
  expect(
    canaries
      .slice(0, -2)
      .flatMap(writings)
      .filter((written) => items.includes(written)),
  ).toEqual([]);
});
