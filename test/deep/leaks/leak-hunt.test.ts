import { attackEvent, requestEvent } from '../attacks/attack-event';
import { attackClasses } from '../attacks/attacks';
import { authorizeThrough } from './authorizer-life';
import { runFaults, runRefusals } from './fault-lanes';
import { type Hunt, startHunt } from './hunt';
import { bundleFunctions } from './hunted-functions';
import { liveThrough } from './life';
import { runMalformedSecrets } from './malformed-secrets';

jest.setTimeout(60_000);

const bundles = bundleFunctions();
afterAll(bundles.remove);

/** Every attack; what was not answered as it should be. */
async function runAttacks(hunt: Hunt): Promise<string[]> {
  const astray: string[] = [];
  const setting = await hunt.newSetting();
  const caller = hunt.caller();
  for (const attack of Object.values(attackClasses).flat()) {
    const request = attack.request(setting);
    for (const earlier of attack.before?.(setting, request) ?? []) await caller.send(requestEvent(earlier));
    const { status } = await caller.send(attackEvent({ ...attack, request: () => request }, setting));
    if (status !== attack.status) astray.push(`${attack.what}: ${status}`);
  }
  return astray;
}

describe('nothing sensitive gets out, whatever is done to the functions', () => {
  let hunt: Hunt;
  beforeAll(async () => {
    hunt = await startHunt(bundles.folder);
  });

  it('while keys live and die', async () => {
    expect(await liveThrough(hunt)).toEqual([
      200, 200, 200, 401, 200, 400, 400, 200, 401, 503, 200, 401, 200, 429,
    ]);
  });

  it('while an authorizer tells good keys from bad', async () => {
    expect(await authorizeThrough(hunt)).toEqual([true, false, false, 'The key could not be verified']);
  });

  it('while it is attacked', async () => {
    expect(await runAttacks(hunt)).toEqual([]);
  });

  it('while every call fails in every way', async () => {
    expect(await runFaults(hunt)).toEqual([]);
  });

  it('while no part takes a connection', async () => {
    expect(await runRefusals(hunt)).toEqual(new Set([503, 200]));
  });

  it('while the secret is malformed', async () => {
    expect(await runMalformedSecrets(hunt)).toEqual([
      ...Array(10).fill([500, 500, 500]),
      // Only webhooks need the last member.
      [200, 200, 500],
      [200, 200, 400],
    ]);
  });

  it('and afterwards it is nowhere: output, answers, items, Clerk', async () => {
    const { findings, output } = await hunt.findings();
    expect(findings).toEqual([]);
    const events = ['key.created', 'key.revoked', 'request.failed', 'request.refused', 'verification'];
    expect(events.filter((event) => !output.includes(`"message":"${event}"`))).toEqual([]);
  });
});

describe('finds a function that', () => {
  it.each([
    ['logs the event for debugging', 'output', 'session token: signature'],
    ['logs the event in base64', 'output', 'session token: payload'],
    ['logs the answer', 'output', 'key secret'],
    ['logs an error that quotes what Clerk answered', 'output', 'Clerk’s secret in a key'],
    ['answers with the token that it got', 'answer', 'session token: signature'],
    ['tells a secret again', 'answer', 'key secret'],
    ['stores the secret in the item', 'item', 'key secret'],
    ['stores credentials at Clerk', 'Clerk', 'AWS_SECRET_ACCESS_KEY'],
  ])('%s: in the %s, %s', async (mutant, place, what) => {
    const hunt = await startHunt(bundles.folder, mutant);
    await liveThrough(hunt);
    const { findings } = await hunt.findings();
    expect(findings).toContainEqual(expect.objectContaining({ place, what }));
  });
});
