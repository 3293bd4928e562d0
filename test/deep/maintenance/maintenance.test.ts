import { Deadline } from '../../../lambda/shared/deadline';
import { apiForTests, newUser } from '../../support/api-harness';
import { clerkError } from '../../support/expected';
import type { Fault } from '../../support/faulty-proxy';
import { runMaintenance } from '../../support/maintenance-runner';
import { activeIds, clearTable, newUsers, storeKeys } from './many-keys';

jest.setTimeout(120_000);

const api = apiForTests();
beforeEach(() => clearTable(api));

const soon = () => Deadline.in(10_000);
const nothingListed: Fault = { kind: 'answer', status: 200, body: { data: [], total_count: 0 } };
const lists = /^GET \/api_keys$/;

describe('when many keys differ from Clerk', () => {
  it('more than 20 that are revoked there stop the comparison, and none of them is revoked', async () => {
    const keys = await storeKeys(api, Array(21).fill(newUser()));
    for (const { clerkKeyId } of keys) api.apiKeys.revoke(clerkKeyId, {});
    const { count, lines } = await runMaintenance(api);
    expect([count('KeysRevokedAtClerk'), count('ComparisonsStopped')]).toEqual([0, 1]);
    const stopped = { message: 'maintenance.comparison-stopped', differ: 'revoked', checked: 21 };
    expect(lines).toContainEqual(expect.objectContaining(stopped));
    expect(await activeIds(api)).toHaveLength(21);
  });

  it('20 are revoked', async () => {
    const keys = await storeKeys(api, Array(20).fill(newUser()));
    for (const { clerkKeyId } of keys) api.apiKeys.revoke(clerkKeyId, {});
    expect((await runMaintenance(api)).count('KeysRevokedAtClerk')).toBe(20);
    expect(await activeIds(api)).toEqual([]);
  });

  it('the secret key of another instance ends no key, and stops the comparison', async () => {
    await storeKeys(api, newUsers(40));
    api.clerk.fail(lists, nothingListed, Number.POSITIVE_INFINITY);
    api.clerk.fail(/GET \/api_keys\/ak_/, clerkError(404), Number.POSITIVE_INFINITY);
    const { count } = await runMaintenance(api);
    expect([count('KeysMissingAtClerk'), count('ComparisonsStopped')]).toEqual([21, 1]);
    expect(await activeIds(api)).toHaveLength(40);
  });
});

describe('with 500 owners', () => {
  it('a run makes one call per owner, at its pace, and finds the key that is revoked at Clerk', async () => {
    const keys = await storeKeys(api, newUsers(500));
    const revoked = keys[321];
    api.apiKeys.revoke(revoked?.clerkKeyId ?? '', {});
    api.reset();
    const startedAt = performance.now();
    const { outcome, count } = await runMaintenance(api, { clerkCallsPerSecond: 100 });
    const seconds = (performance.now() - startedAt) / 1000;
    expect([outcome, count('KeysCompared'), count('KeysRevokedAtClerk')]).toEqual(['finished', 500, 1]);
    const calls = api.clerk.calls.map(({ operation }) => operation.replace(/ak_\w+/, 'ID'));
    expect(calls.filter((call) => call === 'GET /api_keys').length).toBeLessThanOrEqual(510);
    expect(calls.filter((call) => call !== 'GET /api_keys').sort()).toEqual([
      'GET /api_keys/ID',
      'POST /api_keys/ID/revoke',
    ]);
    expect(calls.length / seconds).toBeLessThanOrEqual(101);
    expect(await activeIds(api)).toHaveLength(499);
  });

  it('a run that Clerk limits stops at once, and the next ones continue', async () => {
    await storeKeys(api, newUsers(100));
    api.reset();
    api.clerk.fail(lists, clerkError(429), 1, 40);
    expect((await runMaintenance(api, { pageSize: 20 })).outcome).toBe('clerk limited');
    expect(api.clerk.calls).toHaveLength(41);
    const next = await runMaintenance(api, { pageSize: 20, full: false });
    expect(next.outcome).toBe('finished');
    // The page that was cut off is repeated.
    expect(api.clerk.calls.length - 41).toBeLessThanOrEqual(100 - 40 + 20);
  });
});

describe('a run that is cut off', () => {
  it('at any of its calls is completed by the next ones', async () => {
    const [owner = '', other = ''] = newUsers(2);
    for (let point = 0; ; point += 1) {
      await clearTable(api);
      const keys = await storeKeys(api, [owner, owner, other]);
      const [atClerk, pending, kept] = keys;
      api.apiKeys.revoke(atClerk?.clerkKeyId ?? '', {});
      await api.repositories().keys.endKey(pending?.id ?? '', soon(), 'operator');
      api.reset();
      let calls = 0;
      const gate = async (): Promise<Fault | undefined> => {
        calls += 1;
        // From here on, the process is gone.
        return calls > point ? { kind: 'reset', effect: calls === point + 1 } : undefined;
      };
      api.clerk.gate = gate;
      api.dynamodb.gate = gate;
      await runMaintenance(api, { pageSize: 2 });
      const wasCutOff = calls > point;
      api.reset();
      let runs = 0;
      while (runs < 10 && (await runMaintenance(api, { pageSize: 2, full: false })).outcome !== 'finished') runs += 1;
      // The run that was cut off may have been about to begin.
      await runMaintenance(api, { pageSize: 2 });
      expect(await activeIds(api)).toEqual([kept?.id]);
      expect(await api.entries(owner)).toEqual([]);
      expect(api.clerkKeys(owner)).toEqual([]);
      // Its name at Clerk is free for the next round.
      for (const { id } of api.clerkKeys(other)) api.apiKeys.revoke(id, {});
      if (!wasCutOff) {
        expect(point).toBeGreaterThan(20);
        return;
      }
    }
  });
});
