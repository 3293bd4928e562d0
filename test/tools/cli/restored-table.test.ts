import { CreateTableCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { userDeleted } from '../../../local/clerk/webhooks';
import { theResource } from '../../../local/template';
import { apiForTests, localTemplate, newUser } from '../../support/api-harness';
import { runBeside } from '../../support/local-process';

const api = apiForTests();

const newKey = async (name: string) => {
  const user = newUser();
  const token = api.sessions.sign(user, 60);
  const { id, secret } = (await api.create(name, { token })).json;
  return { user, token, id, secret: secret as string };
};

/** The table as it is now, under another name: what a restore to this moment gives. */
async function restore(tableName: string): Promise<void> {
  const { client } = api.table;
  const { Properties } = theResource(localTemplate(), 'AWS::DynamoDB::GlobalTable');
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = Properties;
  const shape = { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes };
  await client.send(
    new CreateTableCommand({ TableName: tableName, BillingMode: 'PAY_PER_REQUEST', ...shape }),
  );
  const { Items = [] } = await client.send(new ScanCommand({ TableName: api.table.tableName }));
  for (const Item of Items) await client.send(new PutItemCommand({ TableName: tableName, Item }));
}

const revokeAgain = (args: string[]) =>
  runBeside('tools/cli/restored-table.ts', {
    args: ['--stage', 'dev', ...args],
    environment: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: api.secretsManager.url,
      AWS_ENDPOINT_URL_DYNAMODB: api.dynamodb.url,
      CLERK_API_URL: api.clerk.url,
    },
  });

/** Keys of the time before the restore, of which some end after it. */
async function lifeAfter(tableName: string) {
  const keys = {
    active: await newKey('Stays'),
    revoked: await newKey('Revoked'),
    owed: await newKey('Revoked while Clerk was down'),
    orphaned: await newKey('Of a user who is deleted'),
  };
  await restore(tableName);
  await api.revoke(keys.revoked.id, keys.revoked.token);
  api.clerk.fail(/revoke$/, { kind: 'reset', effect: false });
  await api.revoke(keys.owed.id, keys.owed.token);
  await api.deliver(userDeleted(keys.orphaned.user));
  return {
    keys,
    /** Which of them the restored table lets pass. */
    pass: async () => {
      api.coldStart({ TABLE_NAME: tableName });
      const statuses = Object.entries(keys).map(async ([what, { secret }]) => [
        what,
        (await api.whoami(secret)).status,
      ]);
      return Object.fromEntries(await Promise.all(statuses));
    },
  };
}

describe('a restored table', () => {
  it('brings revoked keys back to life, until what the old table and Clerk know is put in', async () => {
    const { keys, pass } = await lifeAfter('Restored');
    expect(await pass()).toEqual({ active: 200, revoked: 200, owed: 200, orphaned: 200 });
    const { status, stdout, stderr } = await revokeAgain([
      '--table',
      'Restored',
      '--from',
      api.table.tableName,
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('4 looked at, 3 revoked again');
    expect(stdout).toContain('1 looked at, 0 revoked again');
    expect(await pass()).toEqual({ active: 200, revoked: 401, owed: 401, orphaned: 401 });
    // What was owed to Clerk still is, so the owner's next list tells it.
    await api.list(keys.owed.token);
    expect(api.clerkKeys(keys.owed.user)).toEqual([]);
    // A token that outlived the deleted user makes nothing that works, as before.
    expect((await revokeAgain(['--table', 'Restored', '--from', api.table.tableName])).stdout).toContain(
      '4 looked at, 0 revoked again',
    );
  });

  it('learns from Clerk alone, where the old table is gone, all but what Clerk was not told', async () => {
    const { pass } = await lifeAfter('RestoredAlone');
    api.clerk.fail(/GET \/api_keys\/ak_/, {
      kind: 'answer',
      status: 429,
      body: {},
      headers: { 'retry-after': '1' },
    });
    api.clerk.fail(/GET \/api_keys\/ak_/, { kind: 'reset', effect: false });
    const { status, stdout } = await revokeAgain(['--table', 'RestoredAlone']);
    expect(stdout).toContain('what Clerk has not been told of a revocation yet (owed) is not found');
    expect(stdout).toMatch(/\d+ looked at, 2 revoked again/);
    expect(status).toBe(0);
    // The two calls that failed were made again.
    expect(api.clerk.calls.filter(({ operation }) => operation.startsWith('GET /api_keys/')).length).toBe(
      Number(/(\d+) looked at/.exec(stdout)?.[1]) + 2,
    );
    expect(await pass()).toEqual({ active: 200, revoked: 401, owed: 200, orphaned: 401 });
  });

  it.each([
    ['a table that is not there', ['--table', 'None'], /The table None could not be read \(ResourceNotFound/],
    ['no table', [], /^Usage: npm run restored-table/],
    ['itself for the old one', ['--table', 'One', '--from', 'One'], /^Usage: npm run restored-table/],
  ])('is not taken for mended with %s', async (_what, args, message) => {
    const { status, stderr } = await revokeAgain(args);
    expect(stderr.trim()).toMatch(message);
    expect(status).toBe(1);
  });

  it('is not taken for mended while Clerk does not answer', async () => {
    await newKey('Unanswered');
    api.clerk.fail(/GET \/api_keys\/ak_/, { kind: 'reset', effect: false }, Number.POSITIVE_INFINITY);
    const { status, stderr } = await revokeAgain(['--table', api.table.tableName]);
    expect(stderr).toContain('Clerk could not be asked (PartUnavailable no answer): run this again.');
    expect(status).toBe(1);
  });
});
