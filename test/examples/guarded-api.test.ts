import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import cdkJson from '../../cdk.json';
import { GuardedApi } from '../../examples/guarded-api/stack';
import { authorizerEnvironment, parseEnvironment } from '../../lambda/shared/env';
import { ApiKeyAuthorizer } from '../../lib/constructs/api-key-authorizer';

const context = { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] };
const newApp = () => new App({ context, analyticsReporting: false });
const template = Template.fromStack(
  new GuardedApi(newApp(), 'guarded-api', { tableName: 'keys-table', usesTableName: 'uses-table' }),
);

/** The scopes that the authorizer of each route requires. */
function scopesOfRoutes(routed: Template): Record<string, string> {
  const authorizers = routed.findResources('AWS::ApiGatewayV2::Authorizer');
  const lambdas = routed.findResources('AWS::Lambda::Function');
  const aliases = routed.findResources('AWS::Lambda::Alias');
  return Object.fromEntries(
    Object.values(routed.findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => {
      const uri = JSON.stringify(authorizers[Properties.AuthorizerId.Ref]?.Properties.AuthorizerUri);
      const [, alias] = Object.entries(aliases).find(([id]) => uri.includes(`"${id}"`)) ?? [];
      const handler = lambdas[alias?.Properties.FunctionName.Ref];
      return [Properties.RouteKey, handler?.Properties.Environment.Variables.REQUIRED_SCOPES];
    }),
  );
}

describe('the guarded API', () => {
  it('calls the authorizer for its route, unless x-api-key is missing', () => {
    const authorizers = Object.values(template.findResources('AWS::ApiGatewayV2::Authorizer'));
    expect(authorizers).toHaveLength(2);
    for (const { Properties } of authorizers) {
      expect(Properties).toMatchObject({
        AuthorizerType: 'REQUEST',
        AuthorizerPayloadFormatVersion: '2.0',
        EnableSimpleResponses: true,
        IdentitySource: ['$request.header.x-api-key'],
      });
    }
    const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route'));
    expect(routes.map(({ Properties }) => [Properties.RouteKey, Properties.AuthorizationType])).toEqual([
      ['GET /hello', 'CUSTOM'],
      ['GET /docs', 'CUSTOM'],
    ]);
  });

  it('asks for the scope docs:read on /docs, and for none on /hello', () => {
    expect(scopesOfRoutes(template)).toEqual({ 'GET /hello': '', 'GET /docs': 'docs:read' });
  });

  it('does not cache results, so a revoked key is refused at once', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', { AuthorizerResultTtlInSeconds: 0 });
  });

  it('has an authorizer that can only read keys, count uses, log and trace', () => {
    const policies = Object.values(template.findResources('AWS::IAM::Policy')).filter((policy) =>
      JSON.stringify(policy).includes('KeysHandlerRole'),
    );
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const actions = statements.map(({ Action }) => [Action].flat().join(' '));
    expect(actions).toEqual([
      'logs:CreateLogStream logs:PutLogEvents',
      'xray:PutTelemetryRecords xray:PutTraceSegments',
      'dynamodb:GetItem',
      'dynamodb:GetItem dynamodb:UpdateItem',
    ]);
    expect(JSON.stringify(statements[2].Resource)).toMatch(/:table\/keys-table"/);
    expect(JSON.stringify(statements[3].Resource)).toMatch(/:table\/uses-table"/);
    expect(JSON.stringify(statements.slice(2))).not.toContain('*');
  });

  it('sets every variable of the authorizer, and a timeout below API Gateway’s 10 s', () => {
    const lambdas = Object.values(template.findResources('AWS::Lambda::Function'));
    const [handler] = lambdas.filter(({ Properties }) => Properties.Environment?.Variables.REQUIRED_SCOPES);
    const environment = handler?.Properties.Environment.Variables;
    expect(parseEnvironment(authorizerEnvironment, { AWS_REGION: 'eu-central-1', ...environment })).toEqual({
      STAGE: 'authorizer',
      AWS_REGION: 'eu-central-1',
      TABLE_NAME: 'keys-table',
      USES_TABLE_NAME: 'uses-table',
      KEY_PREFIX: 'sk_satori',
      PREVIOUS_KEY_PREFIXES: [],
      KEY_REQUESTS_PER_MINUTE: 100,
      REQUIRED_SCOPES: ['docs:read'],
    });
    expect(handler?.Properties.Timeout).toBe(9);
  });
});

it('accepts keys with the given prefix', () => {
  const props = { tableName: 'keys-table', usesTableName: 'uses-table', keyPrefix: 'sk_satori_test' };
  const stack = new GuardedApi(newApp(), 'guarded-api', props);
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { KEY_PREFIX: 'sk_satori_test' } },
  });
});

it('two authorizers protect routes of one API, each with its scopes', () => {
  const stack = new Stack(newApp(), 'two');
  const table = TableV2.fromTableName(stack, 'Table', 'keys-table');
  const usesTable = TableV2.fromTableName(stack, 'Uses', 'uses-table');
  const api = new HttpApi(stack, 'Api');
  for (const [name, scopes] of [
    ['One', ['docs:read']],
    ['Two', ['docs:read', 'docs:write']],
  ] as const) {
    // The same id in two scopes.
    const authorizer = new ApiKeyAuthorizer(new Construct(stack, name), 'Keys', { table, usesTable, scopes });
    const integration = new HttpUrlIntegration(name, 'https://upstream.example.com');
    api.addRoutes({ path: `/${name}`, methods: [HttpMethod.GET], integration, authorizer });
  }
  const two = Template.fromStack(stack);
  expect(scopesOfRoutes(two)).toEqual({ 'GET /One': 'docs:read', 'GET /Two': 'docs:read,docs:write' });
  const authorizers = Object.values(two.findResources('AWS::ApiGatewayV2::Authorizer'));
  expect(new Set(authorizers.map(({ Properties }) => Properties.Name)).size).toBe(2);
});

it('ApiKeyAuthorizer caches results, accepts other prefixes and reads more uses if its properties say so', () => {
  const stack = new Stack(newApp(), 'other');
  const authorizer = new ApiKeyAuthorizer(stack, 'Keys', {
    table: TableV2.fromTableName(stack, 'Table', 'keys-table'),
    usesTable: TableV2.fromTableName(stack, 'Uses', 'uses-table'),
    keyPrefix: 'sk_other',
    previousKeyPrefixes: ['sk_older', 'sk_oldest'],
    useRegions: ['eu-west-1', 'eu-west-2', 'eu-west-3'],
    cacheFor: Duration.seconds(30),
  });
  new HttpApi(stack, 'Api').addRoutes({
    path: '/',
    methods: [HttpMethod.GET],
    integration: new HttpUrlIntegration('Url', 'https://upstream.example.com'),
    authorizer,
  });
  const other = Template.fromStack(stack);
  other.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', { AuthorizerResultTtlInSeconds: 30 });
  other.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: {
        KEY_PREFIX: 'sk_other',
        PREVIOUS_KEY_PREFIXES: 'sk_older,sk_oldest',
        USE_REGIONS: 'eu-west-1,eu-west-2,eu-west-3',
        KEY_REQUESTS_PER_MINUTE: 'off',
      },
    },
  });
});

describe('the cache of ApiKeyAuthorizer', () => {
  const cachedFor = (cacheFor: Duration) => {
    const stack = new Stack(newApp(), 'other');
    const table = TableV2.fromTableName(stack, 'Table', 'keys-table');
    return new ApiKeyAuthorizer(stack, 'Keys', { table, usesTable: table, cacheFor });
  };

  it.each([Duration.seconds(0), Duration.hours(1)])('can last %s', (duration) => {
    expect(() => cachedFor(duration)).not.toThrow();
  });

  it.each([
    ['3601', Duration.seconds(3_601)],
    ['0.5', Duration.millis(500)],
  ])('cannot last %s s', (seconds, duration) => {
    expect(() => cachedFor(duration)).toThrow(
      `other/Keys: cacheFor is ${seconds} s. Use whole seconds from 0 to 3,600, such as Duration.seconds(60).`,
    );
  });
});

it.each([
  ['a limit of 0', { requestsPerMinute: 0 }, 'KEY_REQUESTS_PER_MINUTE="0"'],
  ['a fraction as its limit', { requestsPerMinute: 0.5 }, 'KEY_REQUESTS_PER_MINUTE="0.5"'],
  ['a prefix that no key can have', { keyPrefix: 'sk-other' }, 'KEY_PREFIX="sk-other"'],
  ['an earlier prefix that no key can have', { previousKeyPrefixes: ['ok', 'sk_'] }, 'PREVIOUS_KEY_PREFIXES="ok,sk_"'],
  ['no stage name', { stageName: '' }, 'STAGE=""'],
])(
  'ApiKeyAuthorizer is refused at synthesis with %s, with which its function could not start',
  (_what, props, named) => {
    const stack = new Stack(newApp(), 'other');
    const table = TableV2.fromTableName(stack, 'Table', 'keys-table');
    expect(() => new ApiKeyAuthorizer(stack, 'Keys', { table, usesTable: table, ...props })).toThrow(
      `other/Keys/Handler: the function cannot start with ${named}.`,
    );
  },
);
