import { apiEnvironment, eventsEnvironment, maintenanceEnvironment, parseEnvironment } from '../lambda/shared/env';
import { synthesize } from '../local/synthesize';
import { resolve, resourcesOf } from '../local/template';

// The compiler checks the variable names that the stack and the functions share. These tests check the values.

describe.each(['local', 'dev', 'staging', 'prod'])('the stage %s', (stage) => {
  jest.spyOn(console, 'error').mockImplementation(() => {});
  const { template, remove } = synthesize(stage, { bundle: false });
  remove();
  const lambdas = resourcesOf(template, 'AWS::Lambda::Function');
  const variablesOf = (id: string): Record<string, string> => {
    const lambda = lambdas.find(({ logicalId }) => logicalId.includes(id));
    return resolve(template, lambda?.Properties.Environment.Variables) as Record<string, string>;
  };
  const environment = variablesOf('ApiFunction');

  it('has three functions', () => {
    expect(lambdas).toHaveLength(3);
  });

  it.each([
    ['ApiFunction', apiEnvironment],
    ['EventsFunction', eventsEnvironment],
    ['MaintenanceFunction', maintenanceEnvironment],
  ])('sets every variable that the %s reads, and no other', (id, schema) => {
    const variables = variablesOf(id);
    expect(schema.safeParse({ AWS_REGION: 'eu-central-1', ...variables }).error?.issues).toBeUndefined();
    expect(Object.keys(variables).filter((name) => !(name in schema.shape))).toEqual([]);
  });

  it('gives the function of the API the values of the stage', () => {
    expect(parseEnvironment(apiEnvironment, { AWS_REGION: 'eu-central-1', ...environment })).toMatchObject({
      STAGE: stage,
      KEY_PREFIX: stage === 'prod' ? 'sk_satori' : 'sk_satori_test',
      PREVIOUS_KEY_PREFIXES: [],
      MAX_KEYS_PER_OWNER: stage === 'local' ? 1_000 : 100,
      KEYS_PER_OWNER_PER_HOUR: stage === 'local' ? 1_000 : 30,
    });
  });

  it('has the two tables, with fixed logical ids, and no index', () => {
    const tables = resourcesOf(template, 'AWS::DynamoDB::GlobalTable');
    expect(tables.map(({ logicalId }) => logicalId)).toEqual(['KeysTable', 'UsesTable']);
    expect(environment).toMatchObject({ TABLE_NAME: 'KeysTable', USES_TABLE_NAME: 'UsesTable' });
    for (const { Properties } of tables) {
      expect(Properties.KeySchema).toEqual([
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ]);
      expect(Properties).not.toHaveProperty('GlobalSecondaryIndexes');
    }
    expect(tables[0]?.Properties.StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
    expect(tables[1]?.Properties.TimeToLiveSpecification).toEqual({
      AttributeName: 'expiresAt',
      Enabled: true,
    });
  });
});

it('lists the missing or malformed variables without their values', () => {
  expect(() => parseEnvironment(apiEnvironment, { STAGE: 'dev', KEY_PREFIX: 'sk satori!' })).toThrow(
    new Error(
      'Environment variables missing or malformed: TABLE_NAME, USES_TABLE_NAME, AWS_REGION, KEY_PREFIX, KEY_REQUESTS_PER_MINUTE, MAX_KEYS_PER_OWNER, KEYS_PER_OWNER_PER_HOUR, SCOPES, DEFAULT_SCOPES, MAX_KEY_LIFETIME_DAYS, ORGANIZATION_VIEW_ROLES, ORGANIZATION_MANAGE_ROLES, CLERK_SECRET_ID, CLERK_INSTANCE, CLERK_ISSUER, CLERK_AUTHORIZED_PARTIES',
    ),
  );
});
