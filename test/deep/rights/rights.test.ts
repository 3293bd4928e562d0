import { KeyVerifier } from '../../../lambda/keys/verifier';
import { KeyRefused } from '../../../lambda/shared/errors';
import { uncounted } from '../../support/api-harness';
import { assumeRole, type Credentials, dynamoDbAs, root, type Statement } from '../emulator/client';
import { type Attempt, attempts } from './attempts';
import {
  documentedStatements,
  guardedTemplate,
  operatorStatements,
  prodTemplate,
  statementsOf,
  tableArn,
} from './policies';
import { contents, repositoriesOf, resetTables, soon, stored, tables } from './tables';

/** What each role may do with the tables: docs/design.md. Everything else is denied. */
const roles = [
  {
    role: 'an authorizer',
    verifies: true,
    statements: statementsOf(guardedTemplate(), 'docs:read'),
    may: { keys: ['GetItem'], uses: ['GetItem', 'UpdateItem'], other: [] },
  },
  {
    role: 'a backend that verifies keys itself',
    verifies: true,
    statements: documentedStatements(),
    may: { keys: ['GetItem'], uses: ['GetItem', 'UpdateItem'], other: [] },
  },
  {
    role: 'the API’s function',
    verifies: true,
    statements: statementsOf(prodTemplate, /ApiFunction/),
    may: {
      keys: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
      uses: ['GetItem', 'BatchGetItem', 'UpdateItem'],
      other: [],
    },
  },
  {
    role: 'an operator with the documented policy',
    verifies: false,
    // With the names of this suite's tables.
    statements: operatorStatements().map((statement) => ({
      ...statement,
      Resource: String(statement.Resource).replace(/satori-keys-prod-(\w+)-\*$/, '$1'),
    })),
    may: {
      keys: ['DescribeTable', 'GetItem', 'BatchGetItem', 'Query', 'Scan', 'UpdateItem'],
      uses: ['BatchGetItem'],
      other: [],
    },
  },
  {
    role: 'the maintenance',
    verifies: false,
    statements: statementsOf(prodTemplate, /Maintenance/),
    may: {
      keys: ['Scan', 'GetItem', 'BatchGetItem', 'UpdateItem', 'DeleteItem'],
      uses: ['BatchGetItem', 'DeleteItem'],
      other: [],
    },
  },
];

beforeEach(resetTables);

describe.each(roles)('$role', ({ statements, may }) => {
  let role: Credentials;
  beforeAll(async () => {
    role = await assumeRole(statements);
  });
  const isAllowed = ({ table, action }: Attempt) => (may[table] as string[]).includes(action);

  it.each(attempts.filter(([, attempt]) => isAllowed(attempt)))('may: %s', async (_what, attempt) => {
    const before = await contents();
    await attempt.run(dynamoDbAs(role));
    expect(JSON.stringify(await contents()) !== JSON.stringify(before)).toBe(attempt.changes);
  });

  it.each(attempts.filter(([, attempt]) => !isAllowed(attempt)))('may not: %s', async (_what, attempt) => {
    const before = await contents();
    const denied = attempt.run(dynamoDbAs(role));
    await expect(denied).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(await contents()).toEqual(before);

    // With the missing right the same call succeeds, so the policy denied it.
    await attempt.run(dynamoDbAs(await assumeRole([...statements, statementFor(attempt)])));
    if (attempt.changes) expect(await contents()).not.toEqual(before);
  });
});

it.each(roles.filter(({ verifies }) => verifies))(
  '$role can verify keys and count their uses',
  async ({ statements }) => {
    const { keys, uses } = repositoriesOf(await assumeRole(statements));
    const options = { keyPrefixes: ['sk_satori'], requestsPerMinute: 100 };
    const verifier = new KeyVerifier(keys, uses, options, uncounted);
    const { id } = stored.active.key;
    for (let n = 0; n < 3; n += 1) expect(await verifier.verify(stored.active.secret, soon())).toMatchObject({ id });
    await expect(verifier.verify(stored.revoked.secret, soon())).rejects.toThrow(KeyRefused);
    expect(await repositoriesOf(root).uses.countUses(id, { uses: 1 }, soon())).toMatchObject({ count: 4 });
  },
);

const statementFor = ({ table, action }: Attempt): Statement => {
  return { Effect: 'Allow', Action: `dynamodb:${action}`, Resource: tableArn(tables[table]) };
};
