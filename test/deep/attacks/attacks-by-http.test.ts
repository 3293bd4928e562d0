import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { type ApiHarness, issuer, party, startApiHarness } from '../../support/api-harness';
import { type LocalProcess, startLocalProcess } from '../../support/local-process';
import type { Attack, AttackRequest, Setting } from './attack';
import { attackClasses } from './attacks';
import { expectAnswer } from './expect-answer';
import { type AttackAnswer, makeSetting } from './setting';

jest.setTimeout(60_000);

let clerk: ApiHarness;
let local: LocalProcess;
let setting: Setting;
beforeAll(async () => {
  // Of the harness only Clerk is used, which is counted; the table and the secret are the local server's own.
  clerk = await startApiHarness();
  const { usable, sessions } = clerk;
  local = await startLocalProcess({
    environment: {
      CLERK_SECRET_KEY: usable.secretKey,
      CLERK_JWT_KEY: usable.jwtKey,
      CLERK_WEBHOOK_SIGNING_SECRET: usable.webhookSecret,
      CLERK_API_URL: clerk.clerk.url,
      CLERK_ISSUER: issuer,
      CLERK_AUTHORIZED_PARTIES: party,
    },
  });
  setting = await makeSetting(send, { sessions, webhookSecret: usable.webhookSecret });
});
afterAll(async () => {
  await local.stop();
  await clerk.close();
});

/** Sends exactly this, where `fetch` would set a path right and keep headers back. */
async function send({
  method = 'POST',
  path = '/trpc/keys.create',
  query,
  headers = {},
  body,
}: AttackRequest) {
  return await new Promise<AttackAnswer>((resolve, reject) => {
    const target = query === undefined ? path : `${path}?${query}`;
    const length = Buffer.byteLength(body ?? '');
    const sent = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
    );
    const { hostname, port } = new URL(local.url);
    const out = httpRequest({
      hostname,
      port,
      method,
      path: target,
      headers: { ...sent, ...(length > 0 && { 'content-length': length }) },
    });
    out.once('error', reject).once('response', async (answer) => {
      const { statusCode: status = 0, headers: received } = answer;
      resolve({ status, headers: received, text: await text(answer) });
    });
    out.end(body);
  });
}

/** What the gateway says itself: where it has no route, in its own words, and to a preflight, of an origin that is none of ours. */
function expectGateway(status: number, answer: AttackAnswer, method = 'POST'): void {
  const bodiless = status === 204 || method === 'HEAD';
  expect({ status: answer.status, text: answer.text }).toEqual({
    status,
    text: bodiless ? '' : '{"message":"Not Found"}',
  });
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
}

const carried = Object.entries(attackClasses).flatMap(([name, attacks]): [string, readonly Attack[]][] => {
  const byHttp = attacks.filter(({ event, notByHttp }) => !event && notByHttp === undefined);
  return byHttp.length > 0 ? [[name, byHttp]] : [];
});

describe.each(carried)('%s', (_name, attacks) => {
  it.each(attacks.map((attack) => [attack.what, attack] as const))('%s', async (_what, attack) => {
    const request = attack.request(setting);
    for (const earlier of attack.before?.(setting, request) ?? [])
      expect(await send(earlier)).toMatchObject({ status: 200 });
    clerk.reset();
    const answer = await send(request);
    if (attack.gateway === undefined) expectAnswer(attack, answer);
    else expectGateway(attack.gateway, answer, request.method);
    const calls = clerk.clerk.calls.map(({ operation }) => operation);
    expect(calls).toEqual((attack.calls ?? []).filter((call) => call.includes('/api_keys')));
  });
});

it('leaves the attacker the keys that were told, and no other', async () => {
  const headers = { authorization: `Bearer ${setting.token}` };
  const { text } = await send({ method: 'GET', path: '/trpc/keys.list', headers });
  const told = carried.flatMap(([, attacks]) => attacks.flatMap(({ stored = [] }) => stored));
  const before = ['Found key', 'Twin', 'Zwillingsschlüssel'];
  const expected = [...told.filter((name) => name !== 'a user who is gone'), ...before];
  expect(
    JSON.parse(text)
      .map(({ name }: { name: string }) => name)
      .sort(),
  ).toEqual(expected.sort());
});

it('there are at least 150 attacks that HTTP carries', () => {
  expect(carried.flatMap(([, attacks]) => attacks).length).toBeGreaterThanOrEqual(150);
});
