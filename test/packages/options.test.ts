import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createKeyVerifier, type KeyVerifierOptions } from '../../packages/verify/index';
import { parseOptions } from '../../packages/verify/options';

const tables = { tableName: 'keys', usesTableName: 'uses', region: 'us-east-1' };

it('a verifier needs the names of the tables and the Region', () => {
  expect(parseOptions(tables, {})).toEqual({
    ...tables,
    keyPrefix: 'sk_satori',
    previousKeyPrefixes: [],
    useRegions: [],
    timeoutMs: 5_000,
  });
});

it('reads from the environment what is not given', () => {
  const environment = {
    SATORI_KEYS_TABLE: 'keys',
    SATORI_KEYS_USES_TABLE: 'uses',
    SATORI_KEYS_PREFIX: 'sk_satori_test',
    SATORI_KEYS_REQUESTS_PER_MINUTE: '100',
    AWS_DEFAULT_REGION: 'eu-west-1',
  };
  const read = { ...tables, region: 'eu-west-1', keyPrefix: 'sk_satori_test', requestsPerMinute: 100 };
  expect(parseOptions({}, environment)).toMatchObject(read);
  expect(parseOptions({ tableName: undefined }, environment)).toMatchObject(read);
  const given = { tableName: 'others', keyPrefix: 'sk_own', requestsPerMinute: 7 };
  expect(parseOptions(given, environment)).toMatchObject({ ...read, ...given });
  const off = { ...environment, SATORI_KEYS_REQUESTS_PER_MINUTE: 'off' };
  expect(parseOptions({}, off).requestsPerMinute).toBeUndefined();
});

it('takes the Region of a client', () => {
  const client = new DynamoDBClient({ region: 'eu-west-1' });
  const { region, ...names } = tables;
  expect(parseOptions({ ...names, client }, { AWS_REGION: 'us-east-1' }).region).toBeUndefined();
  expect(() => parseOptions({ ...names, client, region }, {})).toThrow('give region or client, not both');
});

it.each<[string, object]>([
  ['tableName must be the output TableName', { tableName: '' }],
  ['usesTableName must be the output UsesTableName', { usesTableName: undefined }],
  ['keyPrefix must be', { keyPrefix: 'sk satori' }],
  ['previousKeyPrefixes must be', { previousKeyPrefixes: 'sk_old' }],
  ['requestsPerMinute must be', { requestsPerMinute: 0 }],
  ['requestsPerMinute must be', { requestsPerMinute: Number.NaN }],
  ['region must be', { region: undefined }],
  ['client must be', { client: {} }],
  ['timeoutMs must be', { timeoutMs: 60_000 }],
  ['onVerified must be', { onVerified: 'log' }],
  ['there is no option requestPerMinute', { requestPerMinute: 100 }],
])('refuses wrong options when it is created: %s', (message, wrong) => {
  const variables = ['AWS_REGION', 'AWS_DEFAULT_REGION'].map((name) => [name, process.env[name]] as const);
  for (const [name] of variables) delete process.env[name];
  try {
    const options: KeyVerifierOptions = { ...tables, ...wrong };
    expect(() => createKeyVerifier(options)).toThrow(TypeError);
    expect(() => createKeyVerifier(options)).toThrow(message);
  } finally {
    for (const [name, value] of variables) if (value !== undefined) process.env[name] = value;
  }
});

it('a limit in the environment that is no number is refused', () => {
  expect(() => parseOptions(tables, { SATORI_KEYS_REQUESTS_PER_MINUTE: 'many' })).toThrow('requestsPerMinute must be');
});
