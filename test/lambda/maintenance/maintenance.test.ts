import { randomUUID } from 'node:crypto';
import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { keyPrimaryKey } from '../../../lambda/keys/repository/primary-keys';
import { Deadline } from '../../../lambda/shared/deadline';
import { userDeleted } from '../../../local/clerk/webhooks';
import { apiForTests, newUser } from '../../support/api-harness';
import { clerkError, invalidKey, noResponse } from '../../support/expected';
import { runMaintenance } from '../../support/maintenance-runner';

const api = apiForTests();
const soon = () => Deadline.in(5_000);
const dayMs = 24 * 3_600_000;
const daysAgo = (days: number) => new Date(Date.now() - days * dayMs).toISOString();

/** Changes attributes of a key as if it were older. */
async function change(id: string, attributes: Record<string, unknown>): Promise<void> {
  const names = Object.keys(attributes);
  await api.tables.client.send(
    new UpdateItemCommand({
      TableName: api.tables.tableName,
      Key: marshall(keyPrimaryKey(id)),
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: marshall(Object.fromEntries(names.map((name) => [`:${name}`, attributes[name]]))),
    }),
  );
}

const stored = async (id: string) => (await api.everything()).find((item) => item.sk === 'key' && item.id === id);
const statusOf = async (secret: string) => (await api.whoami(secret)).status;

/** Forgets what other tests have stored, so that the maintenance meets only the keys of one test. */
const onlyMyKeys = async () => {
  const { client, tableName } = api.tables;
  for (const { pk, sk } of await api.everything()) {
    if (!String(sk).startsWith('use#')) {
      await client.send(new DeleteItemCommand({ TableName: tableName, Key: marshall({ pk, sk }) }));
    }
  }
};
beforeEach(onlyMyKeys);

describe('a revocation that is pending at Clerk', () => {
  it('is settled by the next run, with its entry', async () => {
    const { user, token, id } = await api.newKey();
    api.clerk.fail(/revoke$/, noResponse);
    await api.revoke(id, token);
    expect(api.clerkKeys(user)).toHaveLength(1);
    const { outcome, count } = await runMaintenance(api, { full: false });
    expect([outcome, count('RevocationsSettled')]).toEqual(['finished', 1]);
    expect(api.clerkKeys(user)).toEqual([]);
    expect(await stored(id)).not.toHaveProperty('clerkPending');
    expect(await api.entries(user)).toEqual([]);
  });

  it('of a tombstone is settled too', async () => {
    const { id, clerkKeyId, user } = await api.newKey();
    await onlyMyKeys();
    await api.repositories().keys.setTombstone(id, clerkKeyId, soon());
    await runMaintenance(api);
    expect(api.clerkKeys(user)).toEqual([]);
    expect(await stored(id)).not.toHaveProperty('clerkPending');
  });

  it('stays pending while Clerk fails, and a 429 ends the run', async () => {
    const { token, id } = await api.newKey();
    api.clerk.fail(/revoke$/, noResponse, 2);
    await api.revoke(id, token);
    expect((await runMaintenance(api)).count('RevocationsPending')).toBe(1);
    api.clerk.fail(/revoke$/, clerkError(429), 1);
    expect((await runMaintenance(api)).outcome).toBe('clerk limited');
    expect((await runMaintenance(api)).count('RevocationsSettled')).toBe(1);
  });
});

describe('a key that was revoked only at Clerk', () => {
  it('is refused here after the next run, its entry is gone, and others stay', async () => {
    const [revoked, other] = [await api.newKey(), await api.newKey()];
    api.apiKeys.revoke(revoked.clerkKeyId, {});
    expect(await statusOf(revoked.secret)).toBe(200);
    const { count } = await runMaintenance(api);
    expect([count('KeysCompared'), count('KeysRevokedAtClerk'), count('KeysMissingAtClerk')]).toEqual([2, 1, 0]);
    expect(await api.whoami(revoked.secret)).toMatchObject(invalidKey);
    expect(await stored(revoked.id)).toMatchObject({ revocationReason: 'clerk' });
    expect(await api.entries(revoked.user)).toEqual([]);
    expect(await statusOf(other.secret)).toBe(200);
  });

  it('is found although Clerk rejects the list of another owner', async () => {
    const [revoked, other] = [await api.newKey(), await api.newKey()];
    api.apiKeys.revoke(revoked.clerkKeyId, {});
    api.clerk.fail(/^GET \/api_keys$/, clerkError(422), 2);
    const { count } = await runMaintenance(api);
    expect([count('KeysRevokedAtClerk'), count('MaintenanceFailures')]).toEqual([1, 0]);
    expect(await statusOf(other.secret)).toBe(200);
  });

  it('is left to the daily sweep', async () => {
    await runMaintenance(api);
    const { clerkKeyId, secret } = await api.newKey();
    api.apiKeys.revoke(clerkKeyId, {});
    await runMaintenance(api, { full: false });
    expect(await statusOf(secret)).toBe(200);
  });

  it.each<[string, () => void]>([
    ['Clerk does not know it', () => api.clerk.fail(/GET \/api_keys\/ak_/, clerkError(404), 99)],
    ['Clerk fails', () => api.clerk.fail(/GET \/api_keys/, clerkError(500), 99)],
    ['Clerk refuses the secret key', () => api.clerk.fail(/./, clerkError(401), 99)],
    ['Clerk is rate limited', () => api.clerk.fail(/GET \/api_keys/, clerkError(429), 99)],
    ['Clerk answers without claims', () => answerWith({ claims: null })],
    [
      'its claims are of another installation',
      () => answerWith({ claims: { keyId: randomUUID(), deploymentId: randomUUID() } }),
    ],
    ['Clerk says that it has expired', () => answerWith({ revoked: false, expired: true })],
    ['Clerk answers with another key', () => answerWith({ id: `ak_${'0'.repeat(32)}` })],
    ['Clerk answers without revoked', () => answerWith({ revoked: undefined })],
  ])('is not one if %s', async (_what, prepare) => {
    const key = await api.newKey();
    const emptyList = { kind: 'answer', status: 200, body: { data: [], total_count: 0 } } as const;
    prepare();
    api.clerk.fail(/^GET \/api_keys$/, emptyList, 99);
    await runMaintenance(api);
    api.clerk.reset();
    expect(await statusOf(key.secret)).toBe(200);
    expect(await stored(key.id)).not.toHaveProperty('revokedAt');
  });

  /** Clerk answers a read of any key with these members changed; otherwise it says that the key is revoked. */
  function answerWith(members: object) {
    api.clerk.fail(
      /GET \/api_keys\/ak_/,
      {
        kind: 'alter',
        alter: (real) => {
          const body = { ...JSON.parse(real.body.toString()), revoked: true, ...members };
          return { ...real, body: Buffer.from(JSON.stringify(body)) };
        },
      },
      99,
    );
  }
});

describe('the retention of a revoked key', () => {
  it('removes it with its uses when it is over, and its ID is unknown then', async () => {
    const [old, young] = [await api.newKey(), await api.newKey()];
    for (const { id, token, secret } of [old, young]) {
      await api.whoami(secret);
      await api.revoke(id, token);
    }
    await change(old.id, { revokedAt: daysAgo(91) });
    await change(young.id, { revokedAt: daysAgo(89) });
    expect((await runMaintenance(api)).count('KeysRemoved')).toBe(1);
    const left = JSON.stringify(await api.everything());
    expect([left.includes(old.id), left.includes(young.id)]).toEqual([false, true]);
    const unknown = await api.get(randomUUID(), old.token);
    const { status, text } = await api.get(old.id, old.token);
    expect({ status, text }).toEqual({ status: unknown.status, text: unknown.text });
    expect(await api.whoami(old.secret)).toMatchObject(invalidKey);
  });

  it('keeps a key that is pending at Clerk, and an active one', async () => {
    const { token, id } = await api.newKey();
    await api.newKey();
    api.clerk.fail(/revoke$/, noResponse, 99);
    await api.revoke(id, token);
    await change(id, { revokedAt: daysAgo(500) });
    expect((await runMaintenance(api)).count('KeysRemoved')).toBe(0);
    expect(await stored(id)).toBeDefined();
  });

  it('is 28 days for the keys of a deleted owner, also for those revoked before', async () => {
    const { user, token, id } = await api.newKey();
    const { id: earlier } = (await api.create('Earlier', { token })).json;
    await api.revoke(earlier, token);
    await api.deliver(userDeleted(user));
    for (const one of [id, earlier]) await change(one, { revokedAt: daysAgo(29) });
    // The owner was deleted a moment ago.
    expect((await runMaintenance(api)).count('KeysRemoved')).toBe(0);
    const { client, tableName: TableName } = api.tables;
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: marshall({ pk: `owner#${user}`, sk: 'owner' }),
        UpdateExpression: 'SET deletedAt = :at',
        ExpressionAttributeValues: marshall({ ':at': daysAgo(29) }),
      }),
    );
    expect((await runMaintenance(api)).count('KeysRemoved')).toBe(2);
    expect((await api.create('Another', { token })).status).toBe(401);
  });

  it('removes tombstones too, and a write that arrives late stores no key that can be used', async () => {
    const { user, token, secret, id } = await api.newKey();
    const { keys, changes } = api.repositories();
    const from = await keys.readOwnKey(id, { ownerIds: [user] }, soon());
    await api.revoke(id, token);
    await change(id, { revokedAt: daysAgo(91) });
    const tombstone = randomUUID();
    await keys.setTombstone(tombstone, undefined, soon());
    await change(tombstone, { revokedAt: daysAgo(91) });
    expect((await runMaintenance(api)).count('KeysRemoved')).toBe(2);
    const access = { ownerIds: [user] };
    const late = [
      changes.edit(from, { enabled: true }, access, soon()),
      changes.endPrevious(id, 'x', soon()),
      changes.setSuspended(id, false, 1, soon()),
      keys.markRevoked(id, access, soon()),
      keys.noteClerkRevoked(id, soon()),
    ];
    await Promise.allSettled(late);
    expect(await stored(id)).toBeUndefined();
    await keys.endKey(id, soon());
    expect(await api.whoami(secret)).toMatchObject(invalidKey);
  });
});

describe('an entry without a key', () => {
  it('is removed with a tombstone first, if it is old', async () => {
    const user = newUser();
    const entry = (createdAt: string) => ({ ownerId: user, id: randomUUID(), name: 'Abandoned', createdAt });
    const [old, young] = [entry(daysAgo(1)), entry(new Date().toISOString())];
    const { owners } = api.repositories();
    for (const one of [old, young]) await owners.addEntry(one, soon());
    expect((await runMaintenance(api)).count('EntriesRemoved')).toBe(1);
    expect(await api.entries(user)).toMatchObject([young]);
    expect(await stored(old.id)).toMatchObject({ revokedAt: expect.any(String) });
  });
});

describe('the expiry of a key', () => {
  it('is announced once, seven days ahead', async () => {
    const keys = [await api.newKey(), await api.newKey(), await api.newKey(), await api.newKey()];
    const [due, later, short, gone] = keys.map(({ id }) => id) as [string, string, string, string];
    await change(due, { createdAt: daysAgo(30), expiresAt: daysAgo(-6) });
    await change(later, { createdAt: daysAgo(30), expiresAt: daysAgo(-8) });
    await change(short, { expiresAt: daysAgo(-2) });
    await change(gone, { createdAt: daysAgo(30), expiresAt: daysAgo(1) });
    expect((await runMaintenance(api)).count('ExpiriesAnnounced')).toBe(1);
    expect(await stored(due)).toMatchObject({ expiryAnnouncedAt: expect.any(String) });
    expect((await runMaintenance(api)).count('ExpiriesAnnounced')).toBe(0);
  });
});

it('the first use of a key is announced once, also by a run that is not the daily one', async () => {
  const [used, unused, revoked] = [await api.newKey(), await api.newKey(), await api.newKey()];
  await runMaintenance(api);
  for (const { secret } of [used, revoked]) await api.whoami(secret);
  await api.revoke(revoked.id, revoked.token);
  expect((await runMaintenance(api, { full: false })).count('FirstUsesAnnounced')).toBe(1);
  expect(await stored(used.id)).toMatchObject({ firstUseSeenAt: expect.any(String) });
  for (const { id } of [unused, revoked]) expect(await stored(id)).not.toHaveProperty('firstUseSeenAt');
  await api.whoami(used.secret);
  expect((await runMaintenance(api)).count('FirstUsesAnnounced')).toBe(0);
});

describe('an idle key', () => {
  const environment = { IDLE_KEY_DAYS: '30' };

  it('is disabled, and stays enabled when its owner enables it again', async () => {
    const [idle, used, young] = [await api.newKey(), await api.newKey(), await api.newKey()];
    await api.whoami(used.secret);
    for (const { id } of [idle, used]) await change(id, { createdAt: daysAgo(31) });
    expect((await runMaintenance(api, { environment })).count('IdleKeysDisabled')).toBe(1);
    expect(await stored(idle.id)).toMatchObject({ enabled: false, disabledBy: 'idle' });
    const statuses = await Promise.all([idle, used, young].map(({ secret }) => statusOf(secret)));
    expect(statuses).toEqual([401, 200, 200]);
    await api.call('update', { id: idle.id, enabled: true }, { token: idle.token });
    expect(await stored(idle.id)).not.toHaveProperty('disabledBy');
    expect((await runMaintenance(api, { environment })).count('IdleKeysDisabled')).toBe(0);
    expect(await statusOf(idle.secret)).toBe(200);
  });

  it('stays enabled where the stage does not set idleKeyDays', async () => {
    const { id, secret } = await api.newKey();
    await change(id, { createdAt: daysAgo(3_000) });
    await runMaintenance(api);
    expect(await statusOf(secret)).toBe(200);
  });
});

describe('a run', () => {
  it('continues where the last one stopped, and a second one at the same time gives up', async () => {
    await api.userWithKeys(5);
    const first = await runMaintenance(api, { pageSize: 3, maxPages: 1 });
    expect(first.outcome).toBe('budget');
    const [second, third] = await Promise.all([
      runMaintenance(api, { full: false, pageSize: 3 }),
      runMaintenance(api, { full: false, pageSize: 3 }),
    ]);
    expect([second.outcome, third.outcome].sort()).toEqual(['finished', 'other run']);
  });

  it('leaves out an item that cannot be read, and counts it', async () => {
    const { clerkKeyId, secret, id } = await api.newKey();
    api.apiKeys.revoke(clerkKeyId, {});
    const broken = await api.newKey();
    await change(broken.id, { createdAt: 'yesterday' });
    const { count, lines } = await runMaintenance(api);
    expect(count('MaintenanceFailures')).toBe(1);
    expect(lines).toContainEqual(expect.objectContaining({ item: `key#${broken.id}`, attributes: 'createdAt' }));
    expect(JSON.stringify(lines)).not.toContain('yesterday');
    expect([await statusOf(secret), (await stored(id))?.revocationReason]).toEqual([401, 'clerk']);
  });

  it('reports a table that does not answer, and does not throw', async () => {
    api.dynamodb.fail(/Scan/, { kind: 'reset', effect: false }, 99);
    const { outcome, count } = await runMaintenance(api);
    expect([outcome, count('MaintenanceFailures'), count('MaintenanceRuns')]).toEqual(['failure', 1, 0]);
  });
});
