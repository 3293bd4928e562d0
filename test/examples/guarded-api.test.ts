import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import cdkJson from '../../cdk.json';
import { GuardedApi } from '../../examples/guarded-api/stack';
import { authorizerEnvironment, parseEnvironment } from '../../lambda/shared/env';
import { ApiKeyAuthorizer } from '../../lib/constructs/api-key-authorizer';

const context = { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] };
const newApp = () => new App({ context, analyticsReporting: false });
const template = Template.fromStack(new GuardedApi(newApp(), 'guarded-api', { tableName: 'keys-table' }));

describe('an API that is guarded by keys', () => {
  it('asks the authorizer for its route, which a request without x-api-key does not even reach', () => {
    const [authorizer] = Object.values(template.findResources('AWS::ApiGatewayV2::Authorizer'));
    expect(authorizer?.Properties).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.x-api-key'],
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', {
      RouteKey: 'GET /hello',
      AuthorizationType: 'CUSTOM',
    });
  });

  it('takes no answer from memory, so that a revoked key is dead at once', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', { AuthorizerResultTtlInSeconds: 0 });
  });

  it('has an authorizer that may read and update that one table, and nothing else but log and trace', () => {
    const policies = Object.values(template.findResources('AWS::IAM::Policy')).filter((policy) =>
      JSON.stringify(policy).includes('KeysHandlerRole'),
    );
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const actions = statements.map(({ Action }) => [Action].flat().join(' '));
    expect(actions).toEqual([
      'logs:CreateLogStream logs:PutLogEvents',
      'xray:PutTelemetryRecords xray:PutTraceSegments',
      'dynamodb:GetItem dynamodb:UpdateItem',
    ]);
    expect(JSON.stringify(statements[2].Resource)).toMatch(/:table\/keys-table"/);
    expect(JSON.stringify(statements[2].Resource)).not.toContain('*');
  });

  it('gives the authorizer all that it reads from its environment, and gives up before the gateway does at 10 s', () => {
    const lambdas = Object.values(template.findResources('AWS::Lambda::Function'));
    const [handler] = lambdas.filter(({ Properties }) => Properties.Environment?.Variables.TABLE_NAME);
    const environment = handler?.Properties.Environment.Variables;
    expect(parseEnvironment(authorizerEnvironment, environment)).toEqual({
      STAGE: 'authorizer',
      TABLE_NAME: 'keys-table',
      KEY_PREFIX: 'sk_satori',
      KEY_REQUESTS_PER_MINUTE: 100,
    });
    expect(handler?.Properties.Timeout).toBe(9);
  });
});

it('caches, counts and takes another prefix where it is told to', () => {
  const stack = new Stack(newApp(), 'other');
  const authorizer = new ApiKeyAuthorizer(stack, 'Keys', {
    table: TableV2.fromTableName(stack, 'Table', 'keys-table'),
    keyPrefix: 'sk_other',
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
    Environment: { Variables: { KEY_PREFIX: 'sk_other', KEY_REQUESTS_PER_MINUTE: 'off' } },
  });
});
