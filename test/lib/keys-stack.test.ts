import type { App } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { allStages, type Properties, propertiesIn, stackOf, templateOf } from '../support/stage-stacks';

const prod = templateOf('prod');
/** The properties of all resources of a type in prod. */
const inProd = (type: string) => propertiesIn(prod, type);

/** Properties that have their own tests, or that CDK adds to each template. So do alarms: monitoring.test.ts. */
const omitted = [
  'AlarmDescription',
  'DashboardBody',
  'DashboardName',
  'LogGroupName',
  'QueryString',
  'Tags',
  'Rules',
  'Parameters',
];

it('the prod stack matches the reviewed snapshot', () => {
  const leftOut = (key: string, value: { Type?: string } | null) =>
    omitted.includes(key) || value?.Type === 'AWS::CloudWatch::Alarm';
  const json = JSON.stringify(prod.toJSON(), (key, value) => (leftOut(key, value) ? undefined : value));
  const masked = json.replace(/[0-9a-f]{64}/g, 'ASSET').replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1HASH');
  expect(JSON.parse(masked)).toMatchSnapshot();
});

describe.each(allStages)('the stack of %s', (stage) => {
  it.each([
    ['AwsSolutions', AwsSolutionsChecks],
    ['Serverless', ServerlessChecks],
  ])('has no %s finding without a stated reason', (_pack, Checks) => {
    const app = stackOf(stage).node.root as App;
    expect(new Checks(app).validateScope(app).violations).toEqual([]);
  });

  it('has the tags for cost allocation', () => {
    const tags = [
      { Key: 'service', Value: 'satori-keys' },
      { Key: 'stage', Value: stage },
    ];
    templateOf(stage).hasResourceProperties('AWS::Lambda::Function', { Tags: Match.arrayWith(tags) });
    expect(stackOf(stage).tags.tagValues()).toMatchObject({ service: 'satori-keys', stage });
  });

  it('outputs the URL of the API, the names of tables, secret and event bus, and the topic for alarms', () => {
    const outputs = Object.keys(templateOf(stage).findOutputs('*'));
    expect(outputs).toEqual(['ApiUrl', 'TableName', 'UsesTableName', 'SecretName', 'EventBusName', 'AlarmTopicArn']);
  });
});

describe('the HTTP API', () => {
  it('allows only the stage’s origins, and only the methods and headers of the contract', () => {
    prod.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: {
        AllowOrigins: ['https://app.example.com'],
        AllowMethods: ['GET', 'POST'],
        AllowHeaders: ['authorization', 'content-type', 'x-api-key', 'trpc-accept', 'x-trpc-source'],
        ExposeHeaders: ['retry-after', 'x-request-id'],
      },
    });
  });

  it('is throttled and logs each request as JSON, without headers, query or body', () => {
    const [stage] = inProd('AWS::ApiGatewayV2::Stage');
    expect(stage?.DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 2000 });
    const format = JSON.parse(stage?.AccessLogSettings.Format);
    expect(format.requestId).toBe('$context.requestId');
    expect(Object.values(format).join()).not.toMatch(/header|query|body|authorizer/i);
  });
});

describe('the function', () => {
  it('has exactly these permissions', () => {
    const [policy] = inProd('AWS::IAM::Policy').filter(({ Roles }) => /^KeysApiFunctionRole/.test(Roles[0].Ref));
    const allowed = policy?.PolicyDocument.Statement.map(({ Effect, Action, Resource }: Properties) => [
      Effect,
      [Action].flat().join(' '),
      JSON.stringify(Resource).replace(/[0-9A-F]{8}"/g, '"'),
    ]);
    const keys = '{"Fn::GetAtt":["KeysTable","Arn"]}';
    const uses = '{"Fn::GetAtt":["UsesTable","Arn"]}';
    expect(allowed).toEqual([
      ['Allow', 'logs:CreateLogStream logs:PutLogEvents', '{"Fn::GetAtt":["KeysApiFunctionLogs","Arn"]}'],
      ['Allow', 'xray:PutTelemetryRecords xray:PutTraceSegments', '"*"'],
      [
        'Allow',
        'dynamodb:BatchGetItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem',
        keys,
      ],
      ['Allow', 'dynamodb:BatchGetItem dynamodb:GetItem dynamodb:UpdateItem', uses],
      ['Allow', 'secretsmanager:GetSecretValue', '{"Ref":"ClerkSecret"}'],
    ]);
  });
});
