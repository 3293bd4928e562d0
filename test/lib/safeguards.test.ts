import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { KeysStack } from '../../lib/keys-stack';
import { stageNamed } from '../../lib/stages';
import type { StageValues } from '../../lib/stages/schema';
import { allStages, authorizerTemplate, propertiesIn, statementsIn, templateOf } from '../support/stage-stacks';

// Rules that cdk-nag does not check, for every template of this project.

const offline = { context: { 'aws:cdk:bundling-stacks': [] } };
const customStage = (changes: Partial<StageValues>) => {
  jest.spyOn(console, 'error').mockImplementation(() => {});
  const stage = { ...stageNamed('prod').stage, ...changes };
  return Template.fromStack(new KeysStack(new App(offline), 'custom', { stageName: 'prod', stage }));
};
const fullStage = customStage({
  account: '111122223333',
  region: 'eu-central-1',
  replicaRegions: ['eu-west-1', 'eu-west-3'],
  reservedConcurrency: 200,
  provisionedConcurrency: 5,
  deletionProtection: true,
  maxWriteUnits: { keys: 300, uses: 2_000 },
  domain: { name: 'keys.acme.test', certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/x' },
  alarmRecipients: ['one@acme.test', 'two@acme.test'],
});
const guardedApi = authorizerTemplate();

const templates: [string, Template][] = [
  ...allStages.map((stage): [string, Template] => [stage, templateOf(stage)]),
  ['prod with every optional setting', fullStage],
  ['a stack with an authorizer', guardedApi],
];

describe.each(templates)('in %s', (_name, template) => {
  it('no role has a wildcard permission except to send traces, and none has an AWS managed policy', () => {
    const statements = statementsIn(template);
    expect(statements.length).toBeGreaterThan(1);
    const wildcards = statements.filter((statement) => JSON.stringify(statement).includes('*'));
    const traces = { Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], Effect: 'Allow', Resource: '*' };
    expect(wildcards.length).toBeGreaterThan(0);
    expect(wildcards).toEqual(wildcards.map(() => traces));
    for (const role of propertiesIn(template, 'AWS::IAM::Role')) {
      expect(role).not.toHaveProperty('ManagedPolicyArns');
    }
  });

  it('no route accepts every method or every path', () => {
    const keys = propertiesIn(template, 'AWS::ApiGatewayV2::Route').map(({ RouteKey }) => RouteKey);
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key) => !/^(GET|POST) \//.test(key))).toEqual([]);
  });

  it('no environment variable holds a secret', () => {
    const variables = propertiesIn(template, 'AWS::Lambda::Function').flatMap(({ Environment }) =>
      Object.entries(Environment?.Variables ?? {}),
    );
    // CLERK_SECRET_ID contains only a reference to the secret.
    const named = /SECRET|TOKEN|PASSWORD|PRIVATE|CREDENTIAL|API_?KEY/i;
    const suspicious = variables.filter(
      ([name, value]) => named.test(name) && name !== 'CLERK_SECRET_ID' && value !== undefined,
    );
    expect(suspicious).toEqual([]);
    const secret = /sk_(test|live)_|whsec_|BEGIN (PUBLIC|PRIVATE)|resolve:secretsmanager/;
    expect(JSON.stringify(variables)).not.toMatch(secret);
  });

  it('no log group has a fixed name, which a kept one would block for the next deployment', () => {
    const names = propertiesIn(template, 'AWS::Logs::LogGroup').map(({ LogGroupName: name }) => JSON.stringify(name));
    expect(names.filter((name) => name !== undefined && !name.includes('"AWS::StackId"'))).toEqual([]);
  });

  it('a service may use a role, a function or a topic only for this account or for a resource of it', () => {
    const policies = [
      ...propertiesIn(template, 'AWS::IAM::Role').map(({ AssumeRolePolicyDocument }) => AssumeRolePolicyDocument),
      ...propertiesIn(template, 'AWS::SNS::TopicPolicy').map(({ PolicyDocument }) => PolicyDocument),
    ];
    const trusts = policies.flatMap(({ Statement }) => Statement).filter(({ Principal }) => Principal.Service);
    expect(trusts.length).toBeGreaterThan(0);
    // Lambda does not document that it sends the account. A role can only be passed to functions of its own account.
    const others = trusts.filter(({ Principal }) => Principal.Service !== 'lambda.amazonaws.com');
    for (const { Condition } of others) {
      const account = Condition?.StringEquals?.['aws:SourceAccount'];
      expect([{ Ref: 'AWS::AccountId' }, '111122223333']).toContainEqual(account);
    }
    const permissions = propertiesIn(template, 'AWS::Lambda::Permission');
    expect(permissions.length).toBeGreaterThan(0);
    expect(permissions.filter(({ SourceArn }) => !SourceArn)).toEqual([]);
  });

  it('no environment variable changes the address of Clerk or AWS, or what Node.js loads and verifies', () => {
    const names = propertiesIn(template, 'AWS::Lambda::Function').flatMap(({ Environment }) =>
      Object.keys(Environment?.Variables ?? {}),
    );
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => /_URL|^NODE_|PROXY/.test(name))).toEqual([]);
  });

  it('every log group has a retention period, and every function has its own log group', () => {
    const groups = propertiesIn(template, 'AWS::Logs::LogGroup');
    expect(groups.filter(({ RetentionInDays }) => !(RetentionInDays > 0))).toEqual([]);
    const groupIds = Object.keys(template.findResources('AWS::Logs::LogGroup'));
    const functions = propertiesIn(template, 'AWS::Lambda::Function');
    const used = functions.map(({ LoggingConfig }) => LoggingConfig.LogGroup.Ref);
    expect(used.length).toBeGreaterThan(0);
    expect(new Set(used).size).toBe(used.length);
    expect(groupIds).toEqual(expect.arrayContaining(used));
  });
});

describe('the authorizer', () => {
  it('is called for every request: a revoked key is not accepted from a cache', () => {
    const [authorizer, ...more] = propertiesIn(guardedApi, 'AWS::ApiGatewayV2::Authorizer');
    expect(more).toEqual([]);
    expect(authorizer?.AuthorizerResultTtlInSeconds).toBe(0);
  });
});

describe('a stage with a domain', () => {
  it.each([
    ['staging', templateOf('staging')],
    ['prod', templateOf('prod')],
    ['a stage with its own certificate', fullStage],
  ])('requires TLS 1.2 and disables the default endpoint: %s', (_stage, template) => {
    const [domain] = propertiesIn(template, 'AWS::ApiGatewayV2::DomainName');
    expect(domain?.DomainNameConfigurations).toEqual([
      expect.objectContaining({ SecurityPolicy: 'TLS_1_2', EndpointType: 'REGIONAL' }),
    ]);
    expect(propertiesIn(template, 'AWS::ApiGatewayV2::Api')[0]?.DisableExecuteApiEndpoint).toBe(true);
    expect(propertiesIn(template, 'AWS::ApiGatewayV2::ApiMapping')).toHaveLength(1);
  });

  it('creates certificate and record if it has a hosted zone, and neither if it has a certificate', () => {
    const types = ['AWS::CertificateManager::Certificate', 'AWS::Route53::RecordSet'];
    const created = (template: Template) => types.map((type) => propertiesIn(template, type).length);
    expect(created(templateOf('prod'))).toEqual([1, 1]);
    expect(created(fullStage)).toEqual([0, 0]);
  });
});

describe('a keys table with replicas', () => {
  const [table] = propertiesIn(fullStage, 'AWS::DynamoDB::GlobalTable');

  it('is strongly consistent, so that a write in one Region cannot undo a revocation in another', () => {
    expect(table?.MultiRegionConsistency).toBe('STRONG');
  });

  it('has deletion protection and point-in-time recovery in each Region', () => {
    expect(table?.Replicas).toMatchObject(
      ['eu-west-1', 'eu-west-3', 'eu-central-1'].map((Region) => ({
        Region,
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
      })),
    );
  });
});

it('sets the reserved and the provisioned concurrency of a stage', () => {
  const [lambda] = propertiesIn(fullStage, 'AWS::Lambda::Function');
  expect(lambda?.ReservedConcurrentExecutions).toBe(200);
  const [alias] = propertiesIn(fullStage, 'AWS::Lambda::Alias');
  expect(alias?.ProvisionedConcurrencyConfig).toEqual({ ProvisionedConcurrentExecutions: 5 });
});

it('sets the maximum write units of a stage, and none by default', () => {
  const maxima = (template: Template) =>
    propertiesIn(template, 'AWS::DynamoDB::GlobalTable').map(
      ({ WriteOnDemandThroughputSettings: settings }) => settings?.MaxWriteRequestUnits,
    );
  expect(maxima(fullStage)).toEqual([300, 2_000]);
  expect(maxima(templateOf('prod'))).toEqual([undefined, undefined]);
});
