import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { type ApiHarness, issuer, party, startApiHarness } from '../../support/api-harness';
import { type LocalProcess, startLocalProcess } from '../../support/local-process';
import { type Attack, type AttackRequest, newOwner, type Setting } from './attack';
import { attackClasses } from './attacks';
import { expectAnswer } from './expect-answer';
import { type AttackAnswer, makeSetting } from './setting';

jest.setTimeout(60_000);

let clerk: ApiHarness;
let local: LocalProcess;
let setting: Setting;
beforeAll(async () => {
  // Only the harness's Clerk is used, whose calls are recorded; tables and secret are the local server's own.
  clerk = await startApiHarness();
  const { usable, sessions, scanning } = clerk;
  local = await startLocalProcess({
    args: ['--clerk-api-url', clerk.clerk.url],
    environment: {
      CLERK_SECRET_KEY: usable.secretKey,
      CLERK_JWT_KEY: usable.jwtKey,
      CLERK_WEBHOOK_SIGNING_SECRET: usable.webhookSecret,
      CLERK_ISSUER: issuer,
      CLERK_AUTHORIZED_PARTIES: party,
    },
  });
  setting = await makeSetting(send, { sessions, webhookSecret: usable.webhookSecret, scanning });
});
afterAll(async () => {
  await local.stop();
  await clerk.close();
});

/** Sends exactly this, where `fetch` would correct the path and leave out headers. */
async function send({ method = 'POST', path = '/trpc/keys.create', query, headers = {}, body }: AttackRequest) {
  const length = Buffer.byteLength(body ?? '');
  const sent = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
  const { hostname, port } = new URL(local.url);
  return await new Promise<AttackAnswer>((resolve, reject) => {
    const out = httpRequest({
      hostname,
      port,
      method,
      path: query === undefined ? path : `${path}?${query}`,
      headers: { ...sent, ...(length > 0 && { 'content-length': length }) },
    });
    out.once('error', reject).once('response', async (answer) => {
      const { statusCode: status = 0, headers: received } = answer;
      resolve({ status, headers: received, text: await text(answer) });
    });
    out.end(body);
  });
}

/** API Gateway's limit of the request line and all header values together, in bytes. */
const maxHeaderBytes = 10_240;
const isTooLong = ({ path, query, headers }: AttackRequest) =>
  Buffer.byteLength([path, query, ...Object.values(headers ?? {})].join('')) > maxHeaderBytes;

/**
 * The gateway's own answer: 404 where it has no route, 431 to headers that are too long, and to a preflight of another
 * origin no permission.
 */
function expectGateway(status: number, answer: AttackAnswer, method = 'POST'): void {
  const hasNoBody = status === 204 || method === 'HEAD';
  const message = status === 431 ? 'Request Header Fields Too Large' : 'Not Found';
  const text = hasNoBody ? '' : JSON.stringify({ message });
  expect(answer).toMatchObject({ status, text });
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
    const gateway = attack.gateway ?? (isTooLong(request) ? 431 : undefined);
    if (gateway === undefined) expectAnswer(attack, answer);
    else expectGateway(gateway, answer, request.method);
    const calls = clerk.clerk.calls.map(({ operation }) => operation);
    expect(calls).toEqual((attack.calls ?? []).filter((call) => call.includes('/api_keys')));
  });
});

it('the attacker has exactly the keys that were created with an answer', async () => {
  const headers = { authorization: `Bearer ${setting.token}` };
  const { text } = await send({ method: 'GET', path: '/trpc/keys.list', headers });
  const listed: string[] = JSON.parse(text).map(({ name }: { name: string }) => name);
  const created = carried.flatMap(([, attacks]) => attacks.flatMap(({ stored = [] }) => stored));
  const before = ['Found key', 'Rotated key', 'Disabled key', 'Twin', 'Zwillingsschlüssel'];
  expect(listed.sort()).toEqual([...created.filter((name) => name !== newOwner), ...before].sort());
});

it('HTTP carries at least 350 attacks', () => {
  expect(carried.flatMap(([, attacks]) => attacks).length).toBeGreaterThanOrEqual(350);
});
