import { randomUUID } from 'node:crypto';
import { CreateTableCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { KeyRepository } from '../../../lambda/keys/repository/key-repository';
import { Table } from '../../../lambda/keys/repository/table';
import { Deadline } from '../../../lambda/shared/deadline';
import { tableIds } from '../../../lib/constructs/keys-tables';
import { userDeleted } from '../../../local/clerk/webhooks';
import { apiForTests, localTemplate, newUser } from '../../support/api-harness';
import { commandEnvironment, runBeside } from '../../support/local-process';

// Each test runs the command in a process of its own, some of them twice.
jest.setTimeout(60_000);

const api = apiForTests();

const newKey = async (name: string) => {
  const user = newUser();
  const token = api.sessions.sign(user, 60);
  const { id, secret } = (await api.create(name, { token })).json;
  return { user, token, id, secret: secret as string };
};

/** Copies the table of keys under another name, which is what a restore to this moment gives. */
async function restore(TableName: string): Promise<void> {
  const { client, tableName } = api.tables;
  const { AttributeDefinitions, KeySchema } = localTemplate().Resources[tableIds.keys]?.Properties ?? {};
  const form = { AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' } as const;
  await client.send(new CreateTableCommand({ TableName, ...form }));
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));
  for (const Item of Items) await client.send(new PutItemCommand({ TableName, Item }));
}

const revokeAgain = (args: string[]) =>
  runBeside('tools/cli/restored-table.ts', {
    args: [
      ...['--stage', 'dev', '--clerk-api-url', api.clerk.url],
      ...['--dynamodb-url', api.dynamodb.url, '--secrets-manager-url', api.secretsManager.url],
      ...args,
    ],
    environment: commandEnvironment(api),
  });

/** Keys that existed when the table was restored, and of which some have ended since. */
async function lifeAfterRestore(tableName: string) {
  const keys = {
    active: await newKey('Active'),
    revoked: await newKey('Revoked'),
    pending: await newKey('Revoked while Clerk was down'),
    ofDeletedUser: await newKey('Of a deleted user'),
  };
  await restore(tableName);
  await api.revoke(keys.revoked.id, keys.revoked.token);
  api.clerk.fail(/revoke$/, { kind: 'reset', effect: false });
  await api.revoke(keys.pending.id, keys.pending.token);
  await api.deliver(userDeleted(keys.ofDeletedUser.user));
  /** How the service answers each of them when it serves from the restored table. */
  const verify = async () => {
    api.coldStart({ TABLE_NAME: tableName });
    const answers = Object.entries(keys).map(async ([which, { secret }]) => [which, (await api.whoami(secret)).status]);
    return Object.fromEntries(await Promise.all(answers));
  };
  return { keys, verify };
}

describe('restored-table', () => {
  it('applies what the old table and Clerk know, and changes nothing when it runs again', async () => {
    const { keys, verify } = await lifeAfterRestore('Restored');
    const abandoned = randomUUID();
    await api.repositories().keys.setTombstone(abandoned, undefined, Deadline.in(5_000));
    expect(await verify()).toEqual({ active: 200, revoked: 200, pending: 200, ofDeletedUser: 200 });
    const run = () => revokeAgain(['--table', 'Restored', '--from', api.tables.tableName]);
    const { status, stdout, stderr } = await run();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const shown = ['Restored', api.tables.tableName].map(
      (name) => `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`,
    );
    for (const arn of shown) expect(stdout).toContain(`AWS    account 000000000000, Region us-east-1: ${arn}`);
    expect(stdout).toContain(`Clerk  ${api.clerk.url}`);
    expect(stdout).toContain('5 checked, 3 keys revoked');
    expect(stdout).toContain('1 checked, 0 keys revoked');
    expect(await verify()).toEqual({ active: 200, revoked: 401, pending: 401, ofDeletedUser: 401 });

    // The owner's next list tells Clerk what is still pending.
    await api.list(keys.pending.token);
    expect(api.clerkKeys(keys.pending.user)).toEqual([]);
    // The session token of the deleted user is still valid for a moment.
    expect((await api.create('Another', { token: keys.ofDeletedUser.token })).status).toBe(401);
    const restored = new KeyRepository(new Table(api.tables.client, 'Restored'));
    const read = (id: string) => restored.readKey(id, Deadline.in(5_000));
    expect(await read(abandoned)).toMatchObject({ revokedAt: expect.any(String) });
    expect(await read(keys.revoked.id)).not.toHaveProperty('clerkPending');

    expect((await run()).stdout).toContain('5 checked, 0 keys revoked');
  });

  it('asks Clerk alone without --from, and again where a call failed', async () => {
    const { verify } = await lifeAfterRestore('RestoredAlone');
    const limited = { kind: 'answer', status: 429, body: {}, headers: { 'retry-after': '1' } } as const;
    api.clerk.fail(/GET \/api_keys\/ak_/, limited);
    api.clerk.fail(/GET \/api_keys\/ak_/, { kind: 'reset', effect: false });
    const { status, stdout } = await revokeAgain(['--table', 'RestoredAlone']);
    expect(status).toBe(0);
    expect(stdout).toContain('Without --from, revocations that are still pending at Clerk are not found.');
    const [, checked, revoked] = /(\d+) checked, (\d+) keys revoked/.exec(stdout) ?? [];
    expect(revoked).toBe('2');
    const asked = api.clerk.calls.filter(({ operation }) => operation.startsWith('GET /api_keys/'));
    expect(asked).toHaveLength(Number(checked) + 2);
    expect(await verify()).toEqual({ active: 200, revoked: 401, pending: 200, ofDeletedUser: 401 });
  });

  it.each([
    ['a missing table', ['--table', 'None'], /^Reading the table None failed \(ResourceNotFound/],
    ['no table', [], /^Usage: npm run restored-table/],
    ['the same table twice', ['--table', 'One', '--from', 'One'], /^Usage: npm run restored-table/],
  ])('fails with %s', async (_what, args, message) => {
    const { status, stderr } = await revokeAgain(args);
    expect(stderr.trim()).toMatch(message);
    expect(status).toBe(1);
  });

  it('fails for an item that cannot be read, and names it without its values', async () => {
    await restore('Damaged');
    const Item = { pk: { S: 'key#damaged' }, sk: { S: 'key' }, secretDigest: { S: 'digest-of-a-key' } };
    await api.tables.client.send(new PutItemCommand({ TableName: 'Damaged', Item }));
    const { status, stderr } = await revokeAgain(['--table', 'Damaged']);
    expect(stderr).toMatch(/The table Damaged contains an item that cannot be read: key#damaged \(id,/);
    expect(stderr).not.toContain('digest-of-a-key');
    expect(status).toBe(1);
  });

  it('sends a live key to no other address than Clerk’s, and changes nothing', async () => {
    api.secret.value = { ...api.usable, secretKey: 'sk_live_harness' };
    const { status, stderr } = await revokeAgain(['--table', api.tables.tableName]);
    expect(stderr).toContain('a live key (sk_live_), which is sent to https://api.clerk.com only');
    expect([status, api.clerk.calls, api.steps().filter((step) => /Put|Update|Delete/.test(step))]).toEqual([
      1,
      [],
      [],
    ]);
  });

  it('fails while Clerk does not answer', async () => {
    await newKey('Unanswered');
    api.clerk.fail(/GET \/api_keys\/ak_/, { kind: 'reset', effect: false }, Number.POSITIVE_INFINITY);
    const { status, stderr } = await revokeAgain(['--table', api.tables.tableName]);
    expect(stderr).toContain('Calling Clerk failed (DependencyUnavailable no answer). Run this again.');
    expect(status).toBe(1);
  });
});
