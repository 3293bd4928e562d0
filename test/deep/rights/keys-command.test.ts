import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { resourcesOf } from '../../../local/template';
import { inlineCommand } from '../../support/documents';
import { run } from '../deploy/commands';
import { assumeRole, type Credentials, dynamoDbAs, root } from '../emulator/client';
import { operatorStatements, prodTemplate } from './policies';
import { newKey, repositoriesOf, soon } from './tables';

// The commands of docs/operations.md, as they stand there, with the policy of that page.

jest.setTimeout(120_000);

const document = 'docs/operations.md';
const documented = operatorStatements();

const tables = { keys: 'satori-keys-prod-KeysTable-1ABCDEF', uses: 'satori-keys-prod-UsesTable-2GHIJKL' };
const stored = () => repositoriesOf(root, tables.keys, tables.uses);
const owner = 'user_2kOwner000000000000000000001';

async function storeKey() {
  const { keys, owners, uses } = stored();
  const made = newKey(owner);
  await owners.addEntry(made.entry, soon());
  await keys.storeKey(made.key, soon());
  await uses.noteUses(made.key.id, { uses: 1 }, soon());
  return { id: made.key.id, secret: made.secret };
}
const isRevoked = async (id: string) => {
  const key = await stored().keys.readKey(id, soon());
  return key?.secretDigest !== undefined && key.revokedAt !== undefined;
};

beforeAll(async () => {
  const client = dynamoDbAs(root);
  const [definition] = resourcesOf(prodTemplate, 'AWS::DynamoDB::GlobalTable').map(({ Properties }) => Properties);
  const { AttributeDefinitions, KeySchema, BillingMode } = definition ?? {};
  for (const TableName of Object.values(tables)) {
    await client.send(new DeleteTableCommand({ TableName })).catch(() => {});
    await client.send(new CreateTableCommand({ TableName, AttributeDefinitions, KeySchema, BillingMode }));
  }
});

/** Runs a command of the page with a role. @param values in place of its words in capitals. */
async function asRole(role: Credentials, command: string, values: Readonly<Record<string, string>>, input = '') {
  const written = inlineCommand(document, `npm run keys -- ${command}`);
  const line = Object.entries(values).reduce((text, [word, value]) => text.replace(word, value), written);
  const env = {
    AWS_ACCESS_KEY_ID: role.accessKeyId,
    AWS_SECRET_ACCESS_KEY: role.secretAccessKey,
    AWS_SESSION_TOKEN: role.sessionToken,
  };
  const words = ['--dynamodb-url', String(process.env.TEST_AWS_URL)];
  return await run('bash', ['-c', `${line} "$@"`, 'bash', ...words], { env, input });
}

type Key = Awaited<ReturnType<typeof storeKey>>;
type Run = (role: Credentials, key: Key) => ReturnType<typeof asRole>;

const commands: readonly [command: string, run: Run, revokes: boolean][] = [
  ['list', (role) => asRole(role, 'list --stage prod --owner OWNER_ID', { OWNER_ID: owner }), false],
  ['show', (role, { id }) => asRole(role, 'show KEY_ID --stage prod', { KEY_ID: id }), false],
  ['show --secret', (role, { secret }) => asRole(role, 'show --secret --stage prod', {}, secret), false],
  ['stats', (role) => asRole(role, 'stats --stage prod', {}), false],
  ['revoke', (role, { id }) => asRole(role, 'revoke KEY_ID --stage prod', { KEY_ID: id }), true],
  [
    'revoke --secret',
    (role, { secret }) => asRole(role, 'revoke --secret --reason exposed --stage prod', {}, secret),
    true,
  ],
  [
    'revoke --owner',
    (role) => asRole(role, 'revoke --owner OWNER_ID --stage prod', { OWNER_ID: `${owner} --yes` }),
    true,
  ],
];

it.each(commands)('the documented role can: %s', async (_name, runCommand, revokes) => {
  const key = await storeKey();
  const { status, output } = await runCommand(await assumeRole(documented), key);
  expect({ status, output }).toEqual({ status: 0, output: expect.stringContaining(tables.keys) });
  expect(await isRevoked(key.id)).toBe(revokes);
});

/** Each action of the policy alone, with the statement that it is in. */
const actions = documented.flatMap(({ Sid, Action, Resource }) =>
  [Action].flat().map((action) => ({ name: `${action} of ${Sid}`, action, Resource })),
);

it.each(actions)('without $name a command fails and revokes nothing', async ({ action, Resource }) => {
  const less = documented.map((statement) =>
    statement.Resource === Resource
      ? { ...statement, Action: [statement.Action].flat().filter((one) => one !== action) }
      : statement,
  );
  const role = await assumeRole(less.filter(({ Action }) => Action.length > 0));
  const failed: string[] = [];
  for (const [name, runCommand, revokes] of commands) {
    const key = await storeKey();
    const { status } = await runCommand(role, key);
    if (status !== 0) failed.push(name);
    expect(await isRevoked(key.id)).toBe(revokes && status === 0);
    if (failed.length > 0) break;
  }
  expect(failed).toHaveLength(1);
});

it('without the statement Revoke an operator can look and not revoke', async () => {
  const role = await assumeRole(documented.filter(({ Sid }) => Sid !== 'Revoke'));
  for (const [name, runCommand, revokes] of commands) {
    const key = await storeKey();
    const { status, output } = await runCommand(role, key);
    expect([name, status]).toEqual([name, revokes ? 1 : 0]);
    if (revokes) expect(output).toContain('AccessDeniedException');
    expect(await isRevoked(key.id)).toBe(false);
  }
});
