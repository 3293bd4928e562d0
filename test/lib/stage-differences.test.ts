import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import cdkJson from '../../cdk.json';
import { KeysStack } from '../../lib/keys-stack';
import { stageNamed } from '../../lib/stages';
import { allStages, type Properties, propertiesIn, templateOf } from '../support/stage-stacks';

type Read = (template: Template) => unknown;

/** Reads a value from the first resource of a type; from `{}` if there is none. */
const of =
  (type: string, read: (properties: Properties) => unknown): Read =>
  (template) =>
    read(propertiesIn(template, type)[0] ?? {});
const variable = (name: string) => of('AWS::Lambda::Function', (lambda) => lambda.Environment.Variables[name]);
const api = (read: (properties: Properties) => unknown) => of('AWS::ApiGatewayV2::Api', read);
const replica = (read: (properties: Properties) => unknown) =>
  of('AWS::DynamoDB::GlobalTable', (table) => read(table.Replicas[0]));
const limits = ({ DefaultRouteSettings: settings }: Properties) =>
  `${settings.ThrottlingRateLimit} / ${settings.ThrottlingBurstLimit}`;
const floodThreshold: Read = (template) =>
  propertiesIn(template, 'AWS::CloudWatch::Alarm')
    .filter(({ AlarmName }) => AlarmName.endsWith('-request-flood'))
    .map(({ Threshold }) => Threshold);
const logRetention: Read = (template) => [
  ...new Set(propertiesIn(template, 'AWS::Logs::LogGroup').map((group) => group.RetentionInDays)),
];
const deletionPolicies =
  (...types: string[]): Read =>
  (template) =>
    types.flatMap((type) => Object.values(template.findResources(type))).map(({ DeletionPolicy }) => DeletionPolicy);

const local = ['http://localhost:3000', 'http://localhost:5173'];
const dev = ['https://dev.example.com', 'http://localhost:5173'];
const staging = ['https://staging.example.com'];
const prod = ['https://app.example.com'];
const issuers = ['satori-keys.localhost', 'dev.example.com', 'staging.example.com', 'example.com'];

it.each<[what: string, read: Read, ofStages: unknown[]]>([
  ['Clerk instance', variable('CLERK_INSTANCE'), ['development', 'development', 'either', 'production']],
  ['Clerk issuer', variable('CLERK_ISSUER'), issuers.map((name) => `https://clerk.${name}`)],
  ['prefix of new keys', variable('KEY_PREFIX'), ['sk_satori_test', 'sk_satori_test', 'sk_satori_test', 'sk_satori']],
  ['keys per owner', variable('MAX_KEYS_PER_OWNER'), ['1000', '100', '100', '100']],
  ['attempts per owner and hour', variable('KEYS_PER_OWNER_PER_HOUR'), ['1000', '30', '30', '30']],
  ['scopes', variable('SCOPES'), ['docs:read,docs:write', '', '', '']],
  ['authorized parties', variable('CLERK_AUTHORIZED_PARTIES'), [local[0], dev[0], staging[0], prod[0]]],
  ['CORS origins', api(({ CorsConfiguration: cors }) => cors.AllowOrigins), [local, dev, staging, prod]],
  ['default endpoint is disabled', api((one) => one.DisableExecuteApiEndpoint), [false, false, true, true]],
  [
    'domain',
    of('AWS::ApiGatewayV2::DomainName', (domain) => domain.DomainName),
    [undefined, undefined, 'keys.staging.example.com', 'keys.example.com'],
  ],
  [
    'requests per second, rate / burst',
    of('AWS::ApiGatewayV2::Stage', limits),
    ['1000 / 2000', '50 / 100', '200 / 400', '1000 / 2000'],
  ],
  ['requests in five minutes that count as a flood', floodThreshold, [[150_000], [7_500], [30_000], [150_000]]],
  ['log retention in days', logRetention, [[1], [7], [30], [365]]],
  [
    'days of point-in-time recovery',
    replica((one) => one.PointInTimeRecoverySpecification.RecoveryPeriodInDays),
    [1, 1, 7, 35],
  ],
  [
    'deletion policies of the table of keys, the table of uses and the secret',
    deletionPolicies('AWS::DynamoDB::GlobalTable', 'AWS::SecretsManager::Secret'),
    ['Delete', 'Delete', 'RetainExceptOnCreate', 'RetainExceptOnCreate'].map((policy) => [policy, 'Delete', policy]),
  ],
  [
    'deletion policies of the functions’ logs and the access log',
    deletionPolicies('AWS::Logs::LogGroup'),
    ['Delete', 'Delete', 'RetainExceptOnCreate', 'RetainExceptOnCreate'].map((policy) => Array(4).fill(policy)),
  ],
  [
    'deployment configuration',
    of('AWS::CodeDeploy::DeploymentGroup', (group) => group.DeploymentConfigName),
    [undefined, undefined, undefined, 'CodeDeployDefault.LambdaCanary10Percent10Minutes'],
  ],
  [
    'alarm recipient',
    of('AWS::SNS::Subscription', (subscription) => subscription.Endpoint),
    [undefined, undefined, 'staging-alarms@example.com', 'alarms@example.com'],
  ],
])('%s of local, dev, staging and prod', (_what, read, expected) => {
  expect(allStages.map((stage) => read(templateOf(stage)))).toEqual(expected);
});

/** Properties that the table above checks, or that follow from them. */
const different = `KEY_PREFIX MAX_KEYS_PER_OWNER KEYS_PER_OWNER_PER_HOUR SCOPES CLERK_INSTANCE CLERK_ISSUER
  CLERK_AUTHORIZED_PARTIES AllowOrigins DisableExecuteApiEndpoint DefaultRouteSettings RetentionInDays
  RecoveryPeriodInDays DeletionPolicy UpdateReplacePolicy UpdatePolicy DependsOn
  AlarmDescription`.split(/\s+/);
/** Resources for a domain, a gradual deployment and an alarm recipient, which only some stages have. */
const optional = /^Keys(HttpApiDomain|HttpApiStagesatorikeys|Deployment|MonitoringAlarmTopic\w+com[0-9A-F])/;

function commonPart(stage: string, template = templateOf(stage)) {
  const { Resources } = template.toJSON();
  const resources = Object.entries(Resources).filter(([id]) => !optional.test(id));
  const json = JSON.stringify(resources, function (this: Properties, key, value) {
    const isFlood = key === 'Threshold' && this.AlarmName.endsWith('-request-flood');
    return different.includes(key) || isFlood ? undefined : value;
  });
  return JSON.parse(
    json
      .replaceAll(stage, 'STAGE')
      .replace(/CurrentVersion\w+/g, 'CurrentVersion')
      .replace(/AllowEventRule\w+/g, 'AllowEventRule')
      .replace(/[0-9a-f]{64}/g, 'ASSET'),
  );
}

it.each(['dev', 'staging'])('%s has no other difference from prod', (stage) => {
  expect(commonPart(stage)).toEqual(commonPart('prod'));
});

it('local has no other difference from prod than GitHub’s reports of leaked keys, with a route and two alarms', () => {
  const app = new App({ context: { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] } });
  const stage = { ...stageNamed('prod').stage, githubSecretScanning: true };
  jest.spyOn(console, 'error').mockImplementation(() => {});
  const withReports = Template.fromStack(new KeysStack(app, 'satori-keys-prod', { stageName: 'prod', stage }));
  expect(commonPart('local')).toEqual(commonPart('prod', withReports));
  const routes = (template: Template) =>
    propertiesIn(template, 'AWS::ApiGatewayV2::Route').map(({ RouteKey }) => RouteKey);
  expect(routes(withReports).filter((key) => !routes(templateOf('prod')).includes(key))).toEqual([
    'POST /leaks/github',
  ]);
});
