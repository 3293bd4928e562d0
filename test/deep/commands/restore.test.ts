import { CreateTableCommand, DeleteItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { entryPrimaryKey, keyPrimaryKey } from '../../../lambda/keys/repository/primary-keys';
import { tableIds } from '../../../lib/constructs/table-ids';
import { userDeleted } from '../../../local/clerk/webhooks';
import { apiForTests, localTemplate, newUser } from '../../support/api-harness';
import { clerkError } from '../../support/expected';
import { commandEnvironment, runBeside } from '../../support/local-process';

// Each test runs the command in a process of its own, some of them twice.
jest.setTimeout(60_000);

const api = apiForTests();

const newKey = async (name: string, user = newUser()) => {
  const token = api.sessions.sign(user, 600);
  const { id, secret, createdAt } = (await api.create(name, { token })).json;
  return { user, token, id, secret: secret as string, createdAt };
};
type Key = Awaited<ReturnType<typeof newKey>>;

async function copyTo(TableName: string): Promise<void> {
  const { client, tableName } = api.tables;
  const { AttributeDefinitions, KeySchema } = localTemplate().Resources[tableIds.keys]?.Properties ?? {};
  const form = { AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' } as const;
  await client.send(new CreateTableCommand({ TableName, ...form }));
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));
  for (const Item of Items) await client.send(new PutItemCommand({ TableName, Item }));
}

async function lose({ id, user: ownerId, createdAt }: Key): Promise<void> {
  const { client, tableName: TableName } = api.tables;
  for (const key of [keyPrimaryKey(id), entryPrimaryKey({ id, ownerId, createdAt })]) {
    await client.send(new DeleteItemCommand({ TableName, Key: marshall(key) }));
  }
}

const restore = (from: string, ...more: string[]) =>
  runBeside('tools/cli/restore.ts', {
    args: [
      ...['--stage', 'dev', '--clerk-api-url', api.clerk.url],
      ...['--dynamodb-url', api.dynamodb.url, '--secrets-manager-url', api.secretsManager.url],
      ...['--from', from, '--table', api.tables.tableName, ...more],
    ],
    environment: commandEnvironment(api),
  });

const statusOf = async ({ secret }: Pick<Key, 'secret'>) => (await api.whoami(secret)).status;
const listed = async ({ token }: Key) =>
  (await api.list(token)).json.map(({ name, enabled }: { name: string; enabled: boolean }) => `${name} ${enabled}`);
const enable = ({ id, token }: Key) => api.call('update', { id, enabled: true }, { token });

/** Keys that exist when the table is copied, and what happens to them afterwards. */
async function lifeAfterCopy(copy: string) {
  const keys = {
    same: await newKey('Same'),
    edited: await newKey('Edited'),
    rotated: await newKey('Rotated'),
    revoked: await newKey('Revoked'),
    lost: await newKey('Lost'),
    lostAndRevoked: await newKey('Lost and revoked'),
    lostAndReplaced: await newKey('Lost and replaced'),
    ofDeletedUser: await newKey('Of a deleted user'),
  };
  await copyTo(copy);
  const { edited, rotated, revoked, lost, lostAndRevoked, lostAndReplaced, ofDeletedUser } = keys;
  await api.call('update', { id: edited.id, description: 'Of later' }, { token: edited.token });
  const { secret: newSecret } = (
    await api.call('rotate', { id: rotated.id, gracePeriodSeconds: 0 }, { token: rotated.token })
  ).json;
  await api.revoke(revoked.id, revoked.token);
  await api.revoke(lostAndRevoked.id, lostAndRevoked.token);
  await api.deliver(userDeleted(ofDeletedUser.user));
  for (const key of [lost, lostAndRevoked, lostAndReplaced, ofDeletedUser]) await lose(key);
  // The name is free again, because the Clerk key of a lost key is an orphan.
  api.coldStart({ ORPHAN_AGE_SECONDS: '0.001' });
  await newKey('Lost and replaced', lostAndReplaced.user);
  return { keys, newSecret: newSecret as string };
}

describe('restore', () => {
  it('brings back what was lost or changed, disabled, and nothing that was revoked', async () => {
    const { keys, newSecret } = await lifeAfterCopy('Older');
    const { status, stdout, stderr } = await restore('Older');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const merged = stdout.slice(stdout.indexOf('Merging'));
    for (const line of [
      '2 changed since: restored, disabled',
      '1 missing: restored',
      '0 revoked in the restored table: revoked',
      '1 revoked in Clerk or unknown there: not restored',
      '1 of a deleted owner: not restored',
    ]) {
      expect(merged).toContain(` ${line}\n`);
    }
    const statuses = await Promise.all(Object.values(keys).map(statusOf));
    expect(statuses).toEqual([200, 401, 401, 401, 401, 401, 401, 401]);
    expect(await statusOf({ secret: newSecret })).toBe(401);
    expect(await listed(keys.edited)).toEqual(['Edited false']);
    expect(await listed(keys.lost)).toEqual(['Lost false']);
    expect(await listed(keys.lostAndRevoked)).toEqual([]);
    expect(await listed(keys.lostAndReplaced)).toEqual(['Lost and replaced true']);

    // Their owners enable them: each is as it was when the table was copied.
    for (const key of [keys.edited, keys.rotated, keys.lost]) expect((await enable(key)).status).toBe(200);
    const again = await Promise.all([keys.edited, keys.rotated, keys.lost].map(statusOf));
    expect([...again, await statusOf({ secret: newSecret })]).toEqual([200, 200, 200, 401]);
    expect((await api.get(keys.edited.id, keys.edited.token)).json.description).toBeNull();
  });

  it('changes nothing with --dry-run, and nothing more when it runs again', async () => {
    const { keys } = await lifeAfterCopy('OlderDry');
    const before = await api.everything();
    const { stdout } = await restore('OlderDry', '--dry-run');
    expect(stdout).toContain('1 missing: restored\n');
    expect(await api.everything()).toEqual(before);
    await restore('OlderDry');
    const after = await api.everything();
    expect((await restore('OlderDry')).status).toBe(0);
    expect(await api.everything()).toEqual(after);
    // Nor does it disable a key that its owner has enabled.
    await enable(keys.rotated);
    await restore('OlderDry');
    expect(await statusOf(keys.rotated)).toBe(200);
  });

  it('with --trust-missing, keys that are missing come back enabled', async () => {
    const lost = await newKey('Lost');
    await copyTo('Trusted');
    await lose(lost);
    expect(await statusOf(lost)).toBe(401);
    expect((await restore('Trusted', '--trust-missing')).status).toBe(0);
    expect(await statusOf(lost)).toBe(200);
    expect(await listed(lost)).toEqual(['Lost true']);
  });

  it('applies a revocation of the restored table that the table in use has lost', async () => {
    const key = await newKey('Revived');
    const { client, tableName: TableName } = api.tables;
    const { Items = [] } = await client.send(new ScanCommand({ TableName }));
    await api.revoke(key.id, key.token);
    await copyTo('Later');
    for (const Item of Items.filter(({ id }) => id?.S === key.id))
      await client.send(new PutItemCommand({ TableName, Item }));
    expect(await statusOf(key)).toBe(200);
    await restore('Later');
    expect(await statusOf(key)).toBe(401);
  });

  it('adds no key if Clerk fails, and says so', async () => {
    const lost = await newKey('Lost');
    await copyTo('Unanswered');
    await lose(lost);
    api.clerk.fail(/GET \/api_keys\/ak_/, clerkError(500), Number.POSITIVE_INFINITY);
    const { status, stderr } = await restore('Unanswered', '--trust-missing');
    expect(stderr).toContain('Merging failed: DependencyUnavailable, clerk, status 500.');
    expect([status, await statusOf(lost)]).toEqual([1, 401]);
  });

  it.each([
    ['a missing table', 'None', /^Reading the table None failed \(ResourceNotFound/],
    ['the same table twice', '', /^Usage: npm run restore/],
  ])('fails with %s', async (_what, from, message) => {
    const { status, stderr } = await restore(from || api.tables.tableName);
    expect(stderr.trim()).toMatch(message);
    expect(status).toBe(1);
  });

  it('fails for an item that cannot be read, and names it without its values', async () => {
    await copyTo('Damaged');
    const Item = { pk: { S: 'key#damaged' }, sk: { S: 'key' }, secretDigest: { S: 'digest-of-a-key' } };
    await api.tables.client.send(new PutItemCommand({ TableName: 'Damaged', Item }));
    const { status, stderr } = await restore('Damaged');
    expect(stderr).toMatch(/The table Damaged contains an item that cannot be read: key#damaged \(id,/);
    expect(stderr).not.toContain('digest-of-a-key');
    expect(status).toBe(1);
  });

  it('sends a live key to no other address than Clerk’s, and changes nothing', async () => {
    api.secret.value = { ...api.usable, secretKey: 'sk_live_harness' };
    await copyTo('Live');
    const { status, stderr } = await restore('Live');
    expect(stderr).toContain('a live key (sk_live_), which is sent to https://api.clerk.com only');
    const writes = api.steps().filter((step) => /Put|Update|Delete/.test(step));
    expect([status, api.clerk.calls, writes]).toEqual([1, [], []]);
  });
});
