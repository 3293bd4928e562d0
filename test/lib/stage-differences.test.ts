import type { Template } from 'aws-cdk-lib/assertions';
import { allStages, propertiesIn, stackOf, templateOf } from '../support/stage-stacks';

type Read = (template: Template) => unknown;

const first = (template: Template, type: string) => propertiesIn(template, type)[0] ?? {};
const routes: Read = (template) => {
  const { DefaultRouteSettings: settings } = first(template, 'AWS::ApiGatewayV2::Stage');
  return `${settings.ThrottlingRateLimit} / ${settings.ThrottlingBurstLimit}`;
};
const variable =
  (name: string): Read =>
  (template) =>
    first(template, 'AWS::Lambda::Function').Environment.Variables[name];
const replica: Read = (template) => first(template, 'AWS::DynamoDB::GlobalTable').Replicas;
const ofReplica =
  (read: (replica: Record<string, never>) => unknown): Read =>
  (template) =>
    (replica(template) as Record<string, never>[]).map(read).join();
const deletionPolicies: Read = (template) =>
  ['AWS::DynamoDB::GlobalTable', 'AWS::SecretsManager::Secret']
    .flatMap((type) => Object.values(template.findResources(type)))
    .map(({ DeletionPolicy }) => DeletionPolicy)
    .join();

/** What differs between the stages, read from their templates. A row a property, a column a stage. */
const differences: [
  what: string,
  read: Read,
  local: unknown,
  dev: unknown,
  staging: unknown,
  prod: unknown,
][] = [
  ['Clerk instance', variable('CLERK_INSTANCE'), 'development', 'development', 'either', 'production'],
  [
    'Clerk issuer',
    variable('CLERK_ISSUER'),
    'https://clerk.satori-keys.localhost',
    'https://clerk.dev.example.com',
    'https://clerk.staging.example.com',
    'https://clerk.example.com',
  ],
  [
    'parties',
    variable('CLERK_AUTHORIZED_PARTIES'),
    'http://localhost:3000',
    'https://dev.example.com',
    'https://staging.example.com',
    'https://app.example.com',
  ],
  [
    'pages',
    (template) => first(template, 'AWS::ApiGatewayV2::Api').CorsConfiguration.AllowOrigins.join(' '),
    'http://localhost:3000 http://localhost:5173',
    'https://dev.example.com http://localhost:5173',
    'https://staging.example.com',
    'https://app.example.com',
  ],
  [
    'domain',
    (template) => first(template, 'AWS::ApiGatewayV2::DomainName').DomainName,
    undefined,
    undefined,
    'keys.staging.example.com',
    'keys.example.com',
  ],
  [
    'execute-api is off',
    (template) => first(template, 'AWS::ApiGatewayV2::Api').DisableExecuteApiEndpoint,
    false,
    false,
    true,
    true,
  ],
  ['key prefix', variable('KEY_PREFIX'), 'sk_satori', 'sk_satori', 'sk_satori', 'sk_satori'],
  ['requests a minute a key', variable('KEY_REQUESTS_PER_MINUTE'), '100', '100', '100', '100'],
  ['requests a second, steadily / at once', routes, '1000 / 2000', '50 / 100', '200 / 400', '1000 / 2000'],
  [
    'days that logs are kept',
    (template) => propertiesIn(template, 'AWS::Logs::LogGroup').map((group) => group.RetentionInDays),
    [1, 1],
    [7, 7],
    [30, 30],
    [365, 365],
  ],
  [
    'days that the table can be set back',
    ofReplica(
      (one) =>
        (one as { PointInTimeRecoverySpecification?: { RecoveryPeriodInDays?: number } })
          .PointInTimeRecoverySpecification?.RecoveryPeriodInDays,
    ),
    '1',
    '1',
    '7',
    '35',
  ],
  [
    'the table refuses to be deleted',
    ofReplica((one) => one.DeletionProtectionEnabled),
    'false',
    'false',
    'true',
    'true',
  ],
  [
    'table, secret: when the stack goes',
    deletionPolicies,
    'Delete,Delete',
    'Delete,Delete',
    'Retain,Retain',
    'Retain,Retain',
  ],
  ['Regions of the table', (template) => (replica(template) as unknown[]).length, 1, 1, 1, 1],
  [
    'functions at once, at most',
    (template) => first(template, 'AWS::Lambda::Function').ReservedConcurrentExecutions,
    undefined,
    undefined,
    undefined,
    undefined,
  ],
  [
    'functions kept started',
    (template) => first(template, 'AWS::Lambda::Alias').ProvisionedConcurrencyConfig,
    undefined,
    undefined,
    undefined,
    undefined,
  ],
  [
    'a new version gets its requests',
    (template) => first(template, 'AWS::CodeDeploy::DeploymentGroup').DeploymentConfigName,
    undefined,
    undefined,
    undefined,
    'CodeDeployDefault.LambdaCanary10Percent10Minutes',
  ],
  [
    'told of alarms',
    (template) => first(template, 'AWS::SNS::Subscription').Endpoint,
    undefined,
    undefined,
    'staging-alarms@example.com',
    'alarms@example.com',
  ],
];

it.each(differences)('%s: one value a stage', (_what, read, ...expected) => {
  expect(allStages.map((stage) => read(templateOf(stage)))).toEqual(expected);
});

it('a stack refuses to go where its data is to stay', () => {
  expect(allStages.map((stage) => stackOf(stage).terminationProtection)).toEqual([false, false, true, true]);
});
