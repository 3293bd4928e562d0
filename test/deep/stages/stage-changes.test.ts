import { Template } from 'aws-cdk-lib/assertions';
import { stageNamed } from '../../../lib/stages';
import type { Stage, StageValues } from '../../../lib/stages/schema';
import type { Properties } from '../../support/stage-stacks';
import { offlineStack } from '../support/offline-stack';

// What a deployment would do after one value of a stage was changed.

jest.spyOn(console, 'error').mockImplementation(() => {});

const { domain: _domain, requestsPerMinute: _limit, ...required } = stageNamed('prod').stage;
/** A stage with the default of every optional value. */
const before: StageValues = { ...required, deletionProtection: true, gradualDeployment: false };

const stackWith = (changes: Partial<StageValues>) => offlineStack('prod', { ...before, ...changes });
const templateWith = (changes: Partial<StageValues>) => Template.fromStack(stackWith(changes));

const replicas = { region: 'eu-west-1', replicaRegions: ['eu-west-2', 'eu-west-3'] };

/** Another value for each field, and whether the function changes with it. */
const changes: {
  readonly [Field in keyof Required<Stage>]: [changed: Partial<StageValues>, functionChanges: boolean];
} = {
  account: [{ account: '111122223333' }, false],
  region: [{ region: 'eu-central-1' }, false],
  clerkIssuer: [{ clerkIssuer: 'https://clerk.acme.test' }, true],
  authorizedParties: [{ authorizedParties: ['https://app.acme.test'] }, true],
  clerkInstance: [{ clerkInstance: 'either' }, true],
  clerkSecretName: [{ clerkSecretName: 'shared/clerk' }, true],
  corsOrigins: [{ corsOrigins: ['https://app.acme.test'] }, false],
  domain: [{ domain: { name: 'keys.acme.test', hostedZone: { id: 'Z1', name: 'acme.test' } } }, false],
  keyPrefix: [{ keyPrefix: 'sk_acme', previousKeyPrefixes: [before.keyPrefix] }, true],
  previousKeyPrefixes: [{ previousKeyPrefixes: ['sk_older'] }, true],
  maxKeysPerOwner: [{ maxKeysPerOwner: 7 }, true],
  keysPerOwnerPerHour: [{ keysPerOwnerPerHour: 7 }, true],
  requestsPerMinute: [{ requestsPerMinute: 7 }, true],
  scopes: [{ scopes: { 'docs:read': 'Read documents' } }, true],
  defaultScopes: [{ scopes: { 'docs:read': 'Read documents' }, defaultScopes: ['docs:read'] }, true],
  maxKeyLifetimeDays: [{ maxKeyLifetimeDays: 90 }, true],
  revokedKeyRetentionDays: [{ revokedKeyRetentionDays: 365 }, false],
  idleKeyDays: [{ idleKeyDays: 90 }, false],
  organizationRoles: [{ organizationRoles: { view: ['admin'], manage: ['admin'] } }, true],
  githubSecretScanning: [{ githubSecretScanning: true }, false],
  throttle: [{ throttle: { rate: 1, burst: 2 } }, false],
  maxWriteUnits: [{ maxWriteUnits: { keys: 100, uses: 100 } }, false],
  reservedConcurrency: [{ reservedConcurrency: 10 }, false],
  provisionedConcurrency: [{ provisionedConcurrency: 1 }, false],
  logRetention: [{ logRetention: 1 }, false],
  recoveryDays: [{ recoveryDays: 1 }, false],
  retainData: [{ retainData: false }, false],
  deletionProtection: [{ deletionProtection: false }, false],
  replicaRegions: [replicas, true],
  gradualDeployment: [{ gradualDeployment: true }, false],
  alarmRecipients: [{ alarmRecipients: ['alarms@acme.test'] }, false],
  runbookUrl: [{ runbookUrl: 'https://git.acme.test/operations.md' }, false],
};

/** Properties whose change makes CloudFormation create another resource and take the data from the old one. */
const replacing: Record<string, readonly string[]> = {
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-dynamodb-globaltable.html
  'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-secretsmanager-secret.html
  'AWS::SecretsManager::Secret': ['Name'],
};

/** The tables and the secret: their logical ids, with every property whose change would replace them. */
function stored(template: Template) {
  return Object.entries(replacing).flatMap(([type, names]) =>
    Object.entries(template.findResources(type)).map(([id, { Properties }]) => [
      id,
      names.map((name) => Properties[name]),
    ]),
  );
}

/** The resource of a type that belongs to the API's function. */
const ofApi = (template: Template, type: string): [string, Properties] => {
  const [first, ...more] = Object.entries(template.findResources(type)).filter(([id]) =>
    id.startsWith('KeysApiFunction'),
  );
  if (!first || more.length > 0) throw new Error(`Not one ${type}`);
  return [first[0], first[1].Properties];
};
const versionOf = (template: Template) => ofApi(template, 'AWS::Lambda::Version')[0];
const variablesOf = (template: Template) => ofApi(template, 'AWS::Lambda::Function')[1].Environment.Variables;
const acceptedPrefixes = (template: Template): string[] => {
  const { KEY_PREFIX, PREVIOUS_KEY_PREFIXES } = variablesOf(template);
  return [KEY_PREFIX, ...PREVIOUS_KEY_PREFIXES.split(',')];
};

const templateBefore = templateWith({});

describe.each(Object.entries(changes))('another value of %s', (field, [changed, functionChanges]) => {
  const template = templateWith(changed);

  it('replaces neither a table nor the secret', () => {
    const kept = stored(templateBefore).filter(([id]) => !(field === 'clerkSecretName' && id === 'ClerkSecret'));
    expect(kept.length).toBeGreaterThan(1);
    expect(stored(template)).toEqual(kept);
  });

  it('keeps every key valid', () => {
    expect(acceptedPrefixes(template)).toContain(before.keyPrefix);
  });

  it(
    functionChanges ? 'publishes a new version of the function' : 'publishes no version of the unchanged function',
    () => {
      expect(versionOf(template) !== versionOf(templateBefore)).toBe(functionChanges);
    },
  );
});

it('a stage whose account and Region are set has the version of the same stage without them', () => {
  expect(versionOf(templateWith({ account: '111122223333', region: 'eu-central-1' }))).toBe(versionOf(templateBefore));
});

it('deletionProtection protects the stack and the table of keys', () => {
  const isProtected = (deletionProtection: boolean) => stackWith({ deletionProtection }).terminationProtection;
  expect([isProtected(true), isProtected(false)]).toEqual([true, false]);
  const { KeysTable } = templateBefore.findResources('AWS::DynamoDB::GlobalTable');
  expect(KeysTable?.Properties.Replicas).toEqual([expect.objectContaining({ DeletionProtectionEnabled: true })]);
});

describe('the first deployment of a stage that retains its data', () => {
  const first = templateWith({ deletionProtection: false });
  const types = ['AWS::DynamoDB::GlobalTable', 'AWS::SecretsManager::Secret', 'AWS::Logs::LogGroup'];
  const policies = (name: string) =>
    types.flatMap((type) => Object.entries(first.findResources(type)).map(([id, resource]) => [id, resource[name]]));

  it('leaves nothing behind when it fails, and later deployments delete no data', () => {
    const kept = policies('DeletionPolicy').filter(([id]) => id !== 'UsesTable');
    expect(kept).toHaveLength(6);
    for (const [, policy] of kept) expect(policy).toBe('RetainExceptOnCreate');
    for (const [id, policy] of policies('UpdateReplacePolicy'))
      expect(policy).toBe(id === 'UsesTable' ? 'Delete' : 'Retain');
  });

  it('has a table that its rollback can delete', () => {
    const { KeysTable } = first.findResources('AWS::DynamoDB::GlobalTable');
    expect(KeysTable?.Properties.Replicas).toEqual([expect.objectContaining({ DeletionProtectionEnabled: false })]);
  });
});
