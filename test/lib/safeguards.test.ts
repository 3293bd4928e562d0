import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { ApiKeyAuthorizer } from '../../lib/constructs/api-key-authorizer';
import { KeysStack } from '../../lib/keys-stack';
import { type Stage, stageNamed } from '../../lib/stages';
import { allStages, propertiesIn, statementsIn, templateOf } from '../support/stage-stacks';

// What cdk-nag does not see, in every template that this project makes.

const offline = { context: { 'aws:cdk:bundling-stacks': [] } };
const customStage = (changes: Partial<Stage>) => {
  jest.spyOn(console, 'error').mockImplementation(() => {});
  const stage = { ...stageNamed('prod').stage, ...changes };
  return Template.fromStack(new KeysStack(new App(offline), 'custom', { stageName: 'prod', stage }));
};
const everything = customStage({
  account: '111122223333',
  region: 'eu-central-1',
  replicaRegions: ['eu-west-1', 'eu-west-3'],
  reservedConcurrency: 200,
  provisionedConcurrency: 5,
  domain: { name: 'keys.acme.test', certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/x' },
  alarmRecipients: ['one@acme.test', 'two@acme.test'],
});
const guarded = guardedRoute();

function guardedRoute(): Template {
  const stack = new Stack(new App(offline), 'guarded');
  const table = TableV2.fromTableName(stack, 'Table', 'Keys');
  new HttpApi(stack, 'Api').addRoutes({
    path: '/hello',
    methods: [HttpMethod.GET],
    integration: new HttpUrlIntegration('Hello', 'https://hello.acme.test'),
    authorizer: new ApiKeyAuthorizer(stack, 'Keys', { table }),
  });
  return Template.fromStack(stack);
}

const templates: [string, Template][] = [
  ...allStages.map((stage): [string, Template] => [stage, templateOf(stage)]),
  ['prod with all that a stage can have', everything],
  ['a stack whose route the authorizer guards', guarded],
];

describe.each(templates)('in %s', (_name, template) => {
  it('no role may do anything to just anything, save send traces, and none has a policy of AWS’s', () => {
    const statements = statementsIn(template);
    expect(statements.length).toBeGreaterThan(1);
    const wild = statements.filter((statement) => JSON.stringify(statement).includes('*'));
    const traces = {
      Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
      Effect: 'Allow',
      Resource: '*',
    };
    expect(wild).toEqual([traces]);
    for (const role of propertiesIn(template, 'AWS::IAM::Role')) {
      expect(role).not.toHaveProperty('ManagedPolicyArns');
    }
  });

  it('no route takes any method, or any path', () => {
    const keys = propertiesIn(template, 'AWS::ApiGatewayV2::Route').map(({ RouteKey }) => RouteKey);
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key) => !/^(GET|POST) \//.test(key))).toEqual([]);
  });

  it('no environment holds what looks like a secret', () => {
    const variables = propertiesIn(template, 'AWS::Lambda::Function').flatMap(({ Environment }) =>
      Object.entries(Environment?.Variables ?? {}),
    );
    // The variable that names the secret refers to it.
    const suspicious = variables.filter(
      ([name, value]) =>
        /SECRET|TOKEN|PASSWORD|PRIVATE|CREDENTIAL|API_?KEY/i.test(name) &&
        name !== 'CLERK_SECRET_ID' &&
        value !== undefined,
    );
    expect(suspicious).toEqual([]);
    expect(JSON.stringify(variables)).not.toMatch(
      /sk_(test|live)_|whsec_|BEGIN (PUBLIC|PRIVATE)|resolve:secretsmanager/,
    );
  });

  it('every log ends some day, and every function has a log of its own', () => {
    const groups = propertiesIn(template, 'AWS::Logs::LogGroup');
    expect(groups.filter(({ RetentionInDays }) => !(RetentionInDays > 0))).toEqual([]);
    const groupIds = Object.keys(template.findResources('AWS::Logs::LogGroup'));
    const functions = propertiesIn(template, 'AWS::Lambda::Function');
    expect(functions).toHaveLength(1);
    expect(groupIds).toContain(functions[0]?.LoggingConfig.LogGroup.Ref);
  });
});

describe('a guarded route', () => {
  it('asks for every request: a revoked key does not live on in a cache', () => {
    const [authorizer, ...more] = propertiesIn(guarded, 'AWS::ApiGatewayV2::Authorizer');
    expect(more).toEqual([]);
    expect(authorizer?.AuthorizerResultTtlInSeconds).toBe(0);
  });
});

describe('a stage with a domain', () => {
  it.each([
    ['staging', templateOf('staging')],
    ['prod', templateOf('prod')],
    ['one with a certificate of its own', everything],
  ])('%s speaks TLS 1.2 at least, under its own name only', (_stage, template) => {
    const [domain] = propertiesIn(template, 'AWS::ApiGatewayV2::DomainName');
    expect(domain?.DomainNameConfigurations).toEqual([
      expect.objectContaining({ SecurityPolicy: 'TLS_1_2', EndpointType: 'REGIONAL' }),
    ]);
    expect(propertiesIn(template, 'AWS::ApiGatewayV2::Api')[0]?.DisableExecuteApiEndpoint).toBe(true);
    expect(propertiesIn(template, 'AWS::ApiGatewayV2::ApiMapping')).toHaveLength(1);
  });

  it('gets certificate and record in a zone, and makes neither where it brings a certificate', () => {
    const made = (template: Template) =>
      ['AWS::CertificateManager::Certificate', 'AWS::Route53::RecordSet'].map(
        (type) => propertiesIn(template, type).length,
      );
    expect([made(templateOf('prod')), made(everything)]).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });
});

describe('a table with replicas', () => {
  const [table] = propertiesIn(everything, 'AWS::DynamoDB::GlobalTable');

  it('is strongly consistent in all its Regions, so that a use in one cannot undo a revocation in another', () => {
    expect(table?.MultiRegionConsistency).toBe('STRONG');
  });

  it('is protected and restorable in each', () => {
    expect(table?.Replicas).toMatchObject(
      ['eu-west-1', 'eu-west-3', 'eu-central-1'].map((Region) => ({
        Region,
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
      })),
    );
  });
});

it('a stage with a number of functions keeps to it: so many at most, so many started', () => {
  const [lambda] = propertiesIn(everything, 'AWS::Lambda::Function');
  expect(lambda?.ReservedConcurrentExecutions).toBe(200);
  const [alias] = propertiesIn(everything, 'AWS::Lambda::Alias');
  expect(alias?.ProvisionedConcurrencyConfig).toEqual({ ProvisionedConcurrentExecutions: 5 });
});

it('a stage that serves from a restored table touches that one only, and keeps its own', () => {
  const template = customStage({ restoredTableName: 'Keys-restored' });
  template.resourceCountIs('AWS::DynamoDB::GlobalTable', 1);
  const [lambda] = propertiesIn(template, 'AWS::Lambda::Function');
  expect(lambda?.Environment.Variables.TABLE_NAME).toBe('Keys-restored');
  const resources = statementsIn(template)
    .filter(({ Action }) => [Action].flat().some((action) => action.startsWith('dynamodb:')))
    .map(({ Resource }) =>
      JSON.stringify(Resource)
        .replace(/.*:table\//, '')
        .replace(/"\]\]\}$/, ''),
    );
  expect(resources).toEqual(['Keys-restored', 'Keys-restored/index/ActiveKeysByUser']);
});

describe('a gradual deployment', () => {
  const prod = templateOf('prod');

  it('goes back when one of the alarms rings that callers’ failures set off', () => {
    const [group, ...more] = propertiesIn(prod, 'AWS::CodeDeploy::DeploymentGroup');
    expect(more).toEqual([]);
    expect(group?.AutoRollbackConfiguration).toEqual({
      Enabled: true,
      Events: expect.arrayContaining(['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM']),
    });
    const watched = group?.AlarmConfiguration.Alarms.map(({ Name }: { Name: { Ref: string } }) => Name.Ref);
    const names = watched.map(
      (id: string) => prod.findResources('AWS::CloudWatch::Alarm')[id]?.Properties.AlarmName,
    );
    expect(names.sort()).toEqual([
      'satori-keys-prod-function-errors',
      'satori-keys-prod-latency',
      'satori-keys-prod-server-errors',
    ]);
  });
});
