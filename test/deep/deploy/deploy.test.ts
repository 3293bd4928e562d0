import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnResource } from 'aws-cdk-lib';
import type { KeysStack } from '../../../lib/keys-stack';
import { stageNamed } from '../../../lib/stages';
import { type ClerkInstance, startClerkInstance } from '../../../local/clerk-instance';
import { GitHubSecretScanning, githubKeysPath, matchOf, startGitHub } from '../../../local/github/secret-scanning';
import type { LoopbackServer } from '../../../local/loopback';
import { blockOf, inlineCommand } from '../../support/documents';
import { callAsRoot } from '../emulator/client';
import { asWritten, cdk, deployAsWritten, type Outcome, succeeded } from './commands';
import { type Changes, synthesizeForEmulator } from './emulated-stack';

// From nothing to a stage that works, with the commands of the README and with IAM enforced.

type Outputs = Readonly<Record<string, string>>;

const stackName = 'satori-keys-dev';
const stage = {
  ...stageNamed('dev').stage,
  scopes: { 'docs:read': 'Read documents' },
  githubSecretScanning: true,
};
const user = 'user_2kAnotherDeveloper000000002';
let clerk: ClerkInstance;
const scanning = new GitHubSecretScanning();
let github: LoopbackServer;
let dev: Outputs;

// Synthesis prints the warnings about samples.
jest.spyOn(console, 'error').mockImplementation(() => {});

beforeAll(async () => {
  github = await startGitHub(scanning);
  clerk = await startClerkInstance({
    CLERK_ISSUER: stage.clerkIssuer,
    CLERK_AUTHORIZED_PARTIES: stage.authorizedParties.join(','),
  });
});
afterAll(async () => {
  await clerk.close();
  await github.close();
});

/** The function calls the stand-ins for Clerk and GitHub. Everything else is as deployed to AWS. */
function callStandIns(stack: KeysStack): void {
  const lambda = stack.service.node.findChild('ApiFunction').node.findChild('Function').node
    .defaultChild as CfnResource;
  lambda.addPropertyOverride('Environment.Variables.CLERK_API_URL', clerk.environment.CLERK_API_URL);
  lambda.addPropertyOverride('Environment.Variables.GITHUB_KEYS_URL', github.url + githubKeysPath);
}

function deployDev({ customize, ...changes }: Changes = {}, ...words: string[]): Promise<Outcome> {
  const customized = (stack: KeysStack) => {
    callStandIns(stack);
    customize?.(stack);
  };
  const app = synthesizeForEmulator('dev', { ...changes, customize: customized });
  return deployAsWritten(inlineCommand('README.md', 'npx cdk deploy -c stage=dev'), '--app', app, ...words);
}

async function outputsOf(stack: string, deployment: (...words: string[]) => Promise<Outcome>): Promise<Outputs> {
  const file = join(mkdtempSync(join(tmpdir(), 'satori-keys-')), 'outputs.json');
  succeeded(await deployment('--outputs-file', file));
  return JSON.parse(readFileSync(file, 'utf8'))[stack];
}

/** MiniStack serves the API of a host name, which no DNS server knows, under a path. */
function emulated(apiUrl: string | undefined): string {
  const [, id] = /^http:\/\/(\w+)\.execute-api\.localhost:\d+$/.exec(String(apiUrl)) ?? [];
  if (!id) throw new Error(`Not the URL of an API: ${apiUrl}`);
  return `${process.env.TEST_AWS_URL}/_aws/execute-api/${id}/%24default`;
}

const sessionToken = () => String(clerk.standIn?.sessions.sign(user, 600));

function smoke(): Promise<Outcome> {
  const command = inlineCommand('docs/operations.md', 'CLERK_JWT=… npm run smoke -- --url "$BASE"');
  return asWritten(command.replace('…', sessionToken()), [], { env: { BASE: emulated(dev.ApiUrl) } });
}

async function call(procedure: string, body: object): Promise<Record<string, string>> {
  const response = await fetch(`${emulated(dev.ApiUrl)}/trpc/${procedure}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sessionToken()}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, string>;
}

const statusOf = async (url: string, headers: Record<string, string>) => (await fetch(url, { headers })).status;
const passed = expect.stringMatching(/^All \d+ checks passed/m);

it('deploys dev, and its ApiUrl is the base URL', async () => {
  dev = await outputsOf(stackName, (...words) => deployDev({ stage }, ...words));
  expect(Object.keys(dev).sort()).toEqual([
    'AlarmTopicArn',
    'ApiUrl',
    'EventBusName',
    'SecretName',
    'TableName',
    'UsesTableName',
  ]);
  expect(await statusOf(`${emulated(dev.ApiUrl)}/health`, {})).toBe(200);
});

it('without Clerk’s keys smoke fails and says so', async () => {
  expect(await smoke()).toMatchObject({
    status: 1,
    output: expect.stringContaining("check that Clerk's secret is stored"),
  });
});

it('clerk-secret stores Clerk’s keys, with which smoke passes', async () => {
  const { secretKey, webhookSecret } = clerk.secret;
  const addresses = [
    ...['--clerk-api-url', String(clerk.environment.CLERK_API_URL)],
    ...['--secrets-manager-url', String(process.env.TEST_AWS_URL)],
  ];
  const command = inlineCommand('README.md', 'npm run clerk-secret -- --stage dev');
  // The command refuses AWS_ENDPOINT_URL.
  const unset = `env -u AWS_ENDPOINT_URL ${command}`;
  const stored = await asWritten(unset, addresses, { input: `${secretKey}\n${webhookSecret}\n` });
  expect(stored).toMatchObject({ status: 0, output: expect.stringContaining('Stored as version') });
  expect(await smoke()).toMatchObject({ status: 0, output: passed });
});

it('a report of GitHub ends a key, and the operator’s command finds it in the tables of the stack', async () => {
  const { id = '', secret = '' } = await call('keys.create', { name: 'Published' });
  const { headers, body } = scanning.report([matchOf(secret)]);
  const reported = await fetch(`${emulated(dev.ApiUrl)}/leaks/github`, { method: 'POST', headers, body });
  expect([reported.status, await reported.json()]).toEqual([
    200,
    [expect.objectContaining({ label: 'true_positive' })],
  ]);
  expect(await statusOf(`${emulated(dev.ApiUrl)}/trpc/keys.whoami`, { 'x-api-key': secret })).toBe(401);
  const command = `env -u AWS_ENDPOINT_URL npm run --silent keys -- show ${id} --stage dev --json`;
  const shown = succeeded(await asWritten(command, ['--dynamodb-url', String(process.env.TEST_AWS_URL)]));
  expect(JSON.parse(shown.stdout)).toMatchObject({ id, state: 'revoked', revocationReason: 'exposed' });
});

it('the guarded example accepts a key until it is revoked, and on /docs only with the scope', async () => {
  const { AlarmTopicArn = '', TableName = '', UsesTableName = '' } = dev;
  const command = blockOf('README.md', 'npx cdk deploy -a')
    .text.replace('=USES_TABLE_NAME', `=${UsesTableName}`)
    .replace('=TABLE_NAME', `=${TableName}`)
    .replace('=ALARM_TOPIC_ARN', `=${AlarmTopicArn}`);
  const guarded = await outputsOf('guarded-api', (...words) =>
    deployAsWritten(command, '-c', `keyPrefix=${stage.keyPrefix}`, ...words),
  );
  const [hello, docs] = ['hello', 'docs'].map((path) => `${emulated(guarded.ApiUrl)}/${path}`) as [string, string];
  const { id = '', secret = '' } = await call('keys.create', { name: 'Guarded example' });
  const greeting = await (await fetch(hello, { headers: { 'x-api-key': secret } })).json();
  expect(greeting).toEqual({ message: `Hello, ${user}. You used the key "Guarded example".`, scopes: [] });
  expect(await statusOf(hello, {})).toBe(401);
  expect(await statusOf(docs, { 'x-api-key': secret })).toBe(403);
  await call('keys.update', { id, scopes: ['docs:read'] });
  expect(await statusOf(docs, { 'x-api-key': secret })).toBe(200);
  await call('keys.revoke', { id });
  expect(await statusOf(hello, { 'x-api-key': secret })).toBe(403);
});

describe('a stage in use', () => {
  let secret: string;
  const whoami = () => statusOf(`${emulated(dev.ApiUrl)}/trpc/keys.whoami`, { 'x-api-key': secret });
  beforeAll(async () => {
    ({ secret = '' } = await call('keys.create', { name: 'Kept through updates' }));
  });

  it('is updated, and keeps its keys', async () => {
    succeeded(await deployDev({ stage: { ...stage, keysPerOwnerPerHour: 50 } }));
    expect(await whoami()).toBe(200);
    expect(await smoke()).toMatchObject({ status: 0, output: passed });
  });

  it('is rolled back when an update fails, and keeps its keys', async () => {
    const customize = (stack: KeysStack) => {
      // A record in a hosted zone that does not exist. Before it, the function has changed.
      const properties = {
        HostedZoneId: 'Z0MISSING',
        Name: 'a.example.com.',
        Type: 'TXT',
        ResourceRecords: ['"a"'],
        TTL: 60,
      };
      const bad = new CfnResource(stack, 'Bad', { type: 'AWS::Route53::RecordSet', properties });
      bad.addResourceDependency(
        stack.service.node.findChild('ApiFunction').node.findChild('Live').node.defaultChild as CfnResource,
      );
    };
    const failed = await deployDev({ stage: { ...stage, keysPerOwnerPerHour: 1 }, customize });
    expect(failed.status).toBe(1);
    const description = await callAsRoot('cloudformation', { Action: 'DescribeStacks', StackName: stackName });
    expect(description).toContain('<StackStatus>UPDATE_ROLLBACK_COMPLETE</StackStatus>');
    expect(await whoami()).toBe(200);
    expect(await smoke()).toMatchObject({ status: 0, output: passed });
  });

  it('is not deployed with a prefix that refuses its keys, unless it is a previous one', async () => {
    const keyPrefix = 'sk_acme';
    const stopped = await deployDev({ stage: { ...stage, keyPrefix } });
    expect(stopped.status).toBe(1);
    expect(stopped.output).toContain('Existing keys would be refused');
    succeeded(await deployDev({ stage: { ...stage, keyPrefix, previousKeyPrefixes: [stage.keyPrefix] } }));
    expect(await whoami()).toBe(200);
    succeeded(await deployDev({ stage }));
  });

  it('fails smoke if the function may not write keys', async () => {
    const role = await functionRole();
    const { name, document } = await policyOf(role);
    const without = document
      .replaceAll('"dynamodb:PutItem",', '')
      .replaceAll('"dynamodb:PutItem"', '"dynamodb:ListTagsOfResource"');
    expect(without).not.toBe(document);
    await putPolicy(role, name, without);
    expect(await smoke()).toMatchObject({ status: 1 });
    await putPolicy(role, name, document);
    expect(await smoke()).toMatchObject({ status: 0, output: passed });
  });
});

const elementIn = (xml: string, name: string) => String(new RegExp(`<${name}>([^<]*)</`).exec(xml)?.[1]);

async function functionRole(): Promise<string> {
  const resources = await callAsRoot('cloudformation', { Action: 'DescribeStackResources', StackName: stackName });
  const [member = ''] = resources
    .split('<member>')
    .filter((one) => one.includes('>KeysApiFunctionRole') && one.includes('>AWS::IAM::Role<'));
  return elementIn(member, 'PhysicalResourceId');
}

async function policyOf(RoleName: string) {
  const names = await callAsRoot('iam', { Action: 'ListRolePolicies', RoleName });
  const name = elementIn(names, 'member');
  const policy = await callAsRoot('iam', { Action: 'GetRolePolicy', RoleName, PolicyName: name });
  return { name, document: JSON.stringify(JSON.parse(decodeURIComponent(elementIn(policy, 'PolicyDocument')))) };
}

const putPolicy = (RoleName: string, PolicyName: string, PolicyDocument: string) =>
  callAsRoot('iam', { Action: 'PutRolePolicy', RoleName, PolicyName, PolicyDocument });

it('the CLI sends no telemetry', async () => {
  expect((await cdk('cli-telemetry', '--status')).output).toContain('Telemetry is disabled');
});
