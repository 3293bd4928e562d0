import { Readable } from 'node:stream';
import { awsClientOptions } from '../../../lambda/shared/aws-clients';

/** The files that the SDK has tried to read. */
let filesRead: string[];
jest.mock('node:fs/promises', () => {
  const real = jest.requireActual('node:fs/promises');
  const readFile = (path: string, ...options: unknown[]) => {
    filesRead.push(path);
    return real.readFile(path, ...options);
  };
  return { ...real, readFile };
});

/** The AWS variables that Lambda sets: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const lambdaEnvironment = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example',
  AWS_SESSION_TOKEN: 'example',
};
const environmentBefore = { ...process.env };
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, lambdaEnvironment, { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' });
  filesRead = [];
  // The SDK caches files per process.
  jest.resetModules();
});
afterAll(() => {
  process.env = environmentBefore;
});

/** A request handler that records the host of each call and returns an empty response. */
function network() {
  const hosts: string[] = [];
  const handle = async ({ hostname }: { hostname: string }) => {
    hosts.push(hostname);
    const response = { statusCode: 200, headers: {}, body: Readable.from([Buffer.from('{}')]) };
    return { response };
  };
  return { hosts, requestHandler: { handle, metadata: { handlerProtocol: 'http/1.1' } } as never };
}

/** One call with a newly imported SDK. */
const calls = {
  DynamoDB: async (options: object) => {
    const { DynamoDBClient, GetItemCommand } = await import('@aws-sdk/client-dynamodb');
    const client = new DynamoDBClient(options);
    await client.send(new GetItemCommand({ TableName: 'T', Key: { id: { S: 'x' } } }));
  },
  'Secrets Manager': async (options: object) => {
    const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
    await new SecretsManagerClient(options).send(new GetSecretValueCommand({ SecretId: 'x' }));
  },
};

describe.each([
  ['DynamoDB', 'dynamodb.eu-central-1.amazonaws.com'],
  ['Secrets Manager', 'secretsmanager.eu-central-1.amazonaws.com'],
] as const)('a client for %s in Lambda', (service, host) => {
  it('reads no file', async () => {
    const { hosts, requestHandler } = network();
    await calls[service]({ ...awsClientOptions(undefined), requestHandler });
    expect(hosts).toEqual([host]);
    expect(filesRead).toEqual([]);
  });

  it('reads files without these options', async () => {
    const { hosts, requestHandler } = network();
    await calls[service]({ requestHandler });
    expect(hosts).toEqual([host]);
    expect(filesRead.join()).toContain('.aws');
  });

  it('calls the given endpoint', async () => {
    const { hosts, requestHandler } = network();
    await calls[service]({ ...awsClientOptions('http://elsewhere.example.com'), requestHandler });
    expect(hosts).toEqual(['elsewhere.example.com']);
  });
});
