import { attackClasses } from '../attacks/attacks';
import { attackEvents } from '../attacks/event';
import { runFaults, runRefusals } from './faults';
import { type Hunt, startHunt } from './hunt';
import { bundleFunctions } from './hunted-functions';
import { runAuthorizer, runChangedLives, runKeyLives, runMalformedSecrets, runReports } from './lives';

jest.setTimeout(120_000);

const bundles = bundleFunctions();
afterAll(bundles.remove);

/** Sends every attack; those that are not answered as they should be. */
async function runAttacks(hunt: Hunt): Promise<string[]> {
  const wrong: string[] = [];
  const setting = await hunt.newSetting();
  const caller = hunt.caller();
  for (const attack of Object.values(attackClasses).flat()) {
    const { before, event } = attackEvents(attack, setting);
    for (const earlier of before) await caller.send(earlier);
    const { status } = await caller.send(event);
    if (status !== attack.status) wrong.push(`${attack.what}: ${status}`);
  }
  return wrong;
}

describe('nothing sensitive gets out, whatever is done to the functions', () => {
  let hunt: Hunt;
  beforeAll(async () => {
    hunt = await startHunt(bundles.folder);
  });

  it('while keys are created, used and revoked', async () => {
    expect(await runKeyLives(hunt)).toEqual([
      200, 200, 200, 401, 200, 200, 400, 400, 400, 400, 200, 401, 503, 200, 401, 200, 429,
    ]);
  });

  it('while keys are rotated, changed and suspended', async () => {
    expect(await runChangedLives(hunt)).toEqual([
      200, 200, 200, 200, 200, 200, 401, 400, 400, 400, 400, 400, 400, 200, 401, 200, 200, 403, 200, 401, 200, 200, 200,
      401, 200, 409, 200, 401,
    ]);
  });

  it('while GitHub reports leaked keys', async () => {
    expect(await runReports(hunt)).toEqual([400, 400, 400, 503, 503, 200, 200, 503, 503, 503, 401, 401, 401]);
  });

  it('while an authorizer verifies keys', async () => {
    expect(await runAuthorizer(hunt)).toEqual([true, false, false, 'The key could not be verified']);
  });

  it('while it is attacked', async () => {
    expect(await runAttacks(hunt)).toEqual([]);
  });

  it('while every call fails in every way', async () => {
    expect(await runFaults(hunt)).toEqual([]);
  });

  it('while a part refuses connections', async () => {
    // 409: a name that is in use is refused before anybody asks Clerk.
    expect(await runRefusals(hunt)).toEqual(new Set([503, 200, 409]));
  });

  it('while the secret is malformed', async () => {
    expect(await runMalformedSecrets(hunt)).toEqual([
      ...Array(10).fill([500, 500, 500]),
      // Only webhooks need the last member.
      ...Array(2).fill([200, 200, 500]),
    ]);
  });

  it('and afterwards it is nowhere: output, answers, items, Clerk', async () => {
    const { findings, output } = await hunt.findings();
    expect(findings).toEqual([]);
    const events = (
      'key.created key.revoked key.not-stored key.rotated key.updated key.previous-secret-ended entry.not-removed ' +
      'clerk.revocation-pending clerk.orphan-revoked user.suspended user.not-suspended owner.deleted leak.reported ' +
      'leak.unreadable github.keys-not-read request.failed request.refused verification'
    ).split(' ');
    expect(events.filter((event) => !output.includes(`"message":"${event}"`))).toEqual([]);
  });
});

describe('finds a function that', () => {
  it.each([
    ['logs the event', 'output', 'session token: signature'],
    ['logs what Clerk answered', 'output', 'Clerk’s secret in a key'],
    ['answers with the session token', 'answer', 'session token: signature'],
    ['tells a secret twice', 'answer', 'key secret'],
    ['stores a part of the secret', 'item', 'key secret'],
    ['stores credentials at Clerk', 'Clerk', 'AWS_SECRET_ACCESS_KEY'],
    ['answers a report with its tokens', 'answer', 'key secret'],
    ['logs where a leaked key is', 'output', 'place of a leak'],
  ])('%s: in the %s, %s', async (leak, place, what) => {
    const hunt = await startHunt(bundles.folder, leak);
    await runKeyLives(hunt);
    await runChangedLives(hunt);
    await runReports(hunt);
    const { findings } = await hunt.findings();
    expect(findings).toContainEqual(expect.objectContaining({ place, what }));
  });
});
