import type { App } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { allStages, propertiesIn, stackOf, templateOf } from '../support/stage-stacks';

const prod = templateOf('prod');
/** The properties of all resources of a type in prod. */
const inProd = (type: string) => propertiesIn(prod, type);

describe.each(allStages)('the stack of %s', (stage) => {
  it('is the one that was reviewed', () => {
    const json = JSON.stringify(templateOf(stage).toJSON(), null, 2);
    const masked = json
      .replace(/[0-9a-f]{64}/g, 'ASSET')
      .replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1HASH');
    expect(JSON.parse(masked)).toMatchSnapshot();
  });

  it.each([
    ['AwsSolutions', AwsSolutionsChecks],
    ['Serverless', ServerlessChecks],
  ])('has no finding of the %s pack that nobody has given a reason for', (_pack, Checks) => {
    const app = stackOf(stage).node.root as App;
    expect(new Checks(app).validateScope(app).violations).toEqual([]);
  });

  it('is known by its stage and service, for whoever reads the bill', () => {
    const tags = [
      { Key: 'service', Value: 'satori-keys' },
      { Key: 'stage', Value: stage },
    ];
    templateOf(stage).hasResourceProperties('AWS::Lambda::Function', { Tags: Match.arrayWith(tags) });
    expect(stackOf(stage).tags.tagValues()).toMatchObject({ service: 'satori-keys', stage });
  });

  it('says where the API is and where the secret belongs', () => {
    expect(Object.keys(templateOf(stage).findOutputs('*'))).toEqual(['ApiUrl', 'TableName', 'SecretName']);
  });
});

describe('the HTTP API', () => {
  it('has the routes of the contract and no catch-all, so that nothing else costs an invocation', () => {
    const keys = inProd('AWS::ApiGatewayV2::Route').map(({ RouteKey }) => RouteKey);
    expect(keys.sort()).toEqual([
      'GET /health',
      'GET /openapi.json',
      'GET /trpc/{proxy+}',
      'POST /trpc/{proxy+}',
      'POST /webhooks/clerk',
    ]);
  });

  it('lets pages of the stage’s origins send what the contract’s callers send, and nobody else’s', () => {
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
    prod.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 2000 },
    });
    const [stage] = inProd('AWS::ApiGatewayV2::Stage');
    const format = JSON.parse(stage?.AccessLogSettings.Format);
    expect(format.requestId).toBe('$context.requestId');
    expect(Object.values(format).join()).not.toMatch(/header|query|body|authorizer/i);
  });

  it('calls the function with payload format 2.0, by its alias', () => {
    const [integration, ...more] = inProd('AWS::ApiGatewayV2::Integration');
    expect(more).toEqual([]);
    expect(integration?.PayloadFormatVersion).toBe('2.0');
    expect(integration?.IntegrationUri.Ref).toMatch(/^ApiFunctionLive/);
  });
});

describe('the function', () => {
  it('runs on Node.js 24 and arm64, is traced, logs JSON and gives up before the gateway does at 30 s', () => {
    prod.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: Match.stringLikeRegexp('^ApiFunctionLogs') } },
      Timeout: 25,
    });
  });

  it('may do these things to these resources and nothing else', () => {
    const policies = inProd('AWS::IAM::Policy');
    const [policy] = policies.filter(({ PolicyName }) => PolicyName.startsWith('ApiFunctionRole'));
    const statements = policy?.PolicyDocument.Statement;
    const allowed = statements.map(({ Effect, Action, Resource }: Record<string, unknown>) => [
      Effect,
      [Action].flat().join(' '),
      JSON.stringify(Resource).replace(/[0-9A-F]{8}"/g, '"'),
    ]);
    expect(allowed).toEqual([
      ['Allow', 'logs:CreateLogStream logs:PutLogEvents', '{"Fn::GetAtt":["ApiFunctionLogs","Arn"]}'],
      ['Allow', 'xray:PutTelemetryRecords xray:PutTraceSegments', '"*"'],
      [
        'Allow',
        'dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem',
        '{"Fn::GetAtt":["KeysTable","Arn"]}',
      ],
      [
        'Allow',
        'dynamodb:Query',
        '{"Fn::Join":["",[{"Fn::GetAtt":["KeysTable","Arn"]},"/index/ActiveKeysByUser"]]}',
      ],
      ['Allow', 'secretsmanager:GetSecretValue', '{"Ref":"ClerkSecret"}'],
    ]);
  });

  it('has no secret in its environment', () => {
    const [lambda] = inProd('AWS::Lambda::Function');
    expect(Object.keys(lambda?.Environment.Variables).sort()).toEqual([
      'CLERK_AUTHORIZED_PARTIES',
      'CLERK_INSTANCE',
      'CLERK_ISSUER',
      'CLERK_SECRET_ID',
      'KEY_PREFIX',
      'KEY_REQUESTS_PER_MINUTE',
      'STAGE',
      'TABLE_NAME',
    ]);
  });
});

describe('the table', () => {
  it('is on demand, encrypted with the key that AWS owns and restorable to any second', () => {
    prod.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: false },
      Replicas: [
        Match.objectLike({
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
        }),
      ],
    });
  });

  it.each([
    ['dev', 'Delete', false],
    ['staging', 'Retain', true],
    ['prod', 'Retain', true],
  ])('of %s: when the stack goes, %s', (stage, policy, kept) => {
    templateOf(stage).hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: policy,
      Properties: { Replicas: [Match.objectLike({ DeletionProtectionEnabled: kept })] },
    });
    expect(stackOf(stage).terminationProtection).toBe(kept);
  });

  it('lists a user’s active keys by an index that never holds a digest', () => {
    prod.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      GlobalSecondaryIndexes: [
        {
          IndexName: 'ActiveKeysByUser',
          KeySchema: [
            { AttributeName: 'activeUserId', KeyType: 'HASH' },
            { AttributeName: 'createdAt', KeyType: 'RANGE' },
          ],
          Projection: {
            ProjectionType: 'INCLUDE',
            NonKeyAttributes: ['clerkUserId', 'clerkKeyId', 'name', 'lastUsedAt', 'revokedAt'],
          },
        },
      ],
    });
  });
});

describe('the secret', () => {
  it('is created without a value, so that nothing looks usable that is not', () => {
    const [secret] = inProd('AWS::SecretsManager::Secret');
    expect(Object.keys(secret ?? {}).sort()).toEqual(['Description', 'Tags']);
    expect(secret?.Description).toBe(
      'Clerk: {"secretKey":"sk_...","jwtKey":"-----BEGIN PUBLIC KEY-----...","webhookSecret":"whsec_..."}',
    );
  });
});
