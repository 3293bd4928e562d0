import { Readable } from 'node:stream';
import { awsClientOptions } from '../../../lambda/shared/aws-clients';

/** The files that were looked for. */
let filesRead: string[];
jest.mock('node:fs/promises', () => {
  const real = jest.requireActual('node:fs/promises');
  const readFile = (path: string, ...options: unknown[]) => {
    filesRead.push(path);
    return real.readFile(path, ...options);
  };
  return { ...real, readFile };
});

/** What a Lambda function has of its own: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
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
  // The SDK remembers the files of a process.
  jest.resetModules();
});
afterAll(() => {
  process.env = environmentBefore;
});

/** Answers in the network's place, and keeps to whom a call would have gone. */
function network() {
  const hosts: string[] = [];
  const handle = async ({ hostname }: { hostname: string }) => {
    hosts.push(hostname);
    const response = { statusCode: 200, headers: {}, body: Readable.from([Buffer.from('{}')]) };
    return { response };
  };
  return { hosts, requestHandler: { handle, metadata: { handlerProtocol: 'http/1.1' } } as never };
}

/** One call by the SDK as a new process has it. */
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
] as const)('a client of %s in Lambda', (service, host) => {
  it('finds all that it needs without looking for a file', async () => {
    const { hosts, requestHandler } = network();
    await calls[service]({ ...awsClientOptions(undefined), requestHandler });
    expect(hosts).toEqual([host]);
    expect(filesRead).toEqual([]);
  });

  it('would look for files if it were not told', async () => {
    const { hosts, requestHandler } = network();
    await calls[service]({ requestHandler });
    expect(hosts).toEqual([host]);
    expect(filesRead.join()).toContain('.aws');
  });

  it('calls where it is told to', async () => {
    const { hosts, requestHandler } = network();
    await calls[service]({ ...awsClientOptions('http://elsewhere.example.com'), requestHandler });
    expect(hosts).toEqual(['elsewhere.example.com']);
  });
});
