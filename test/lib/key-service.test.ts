import { App, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import cdkJson from '../../cdk.json';
import { KeyService, type KeyServiceProps } from '../../lib/key-service';
import { stageNamed } from '../../lib/stages';
import { StageError } from '../../lib/stages/check';
import { propertiesIn, templateOf } from '../support/stage-stacks';

// A key service in somebody's own stack.

beforeEach(() => jest.spyOn(console, 'error').mockImplementation(() => {}));

const values: KeyServiceProps = {
  clerkIssuer: 'https://clerk.acme.test',
  authorizedParties: ['https://app.acme.test'],
  clerkInstance: 'production',
  corsOrigins: ['https://app.acme.test'],
  keyPrefix: 'sk_acme',
};

const context = { ...cdkJson.context, 'aws:cdk:bundling-stacks': [] };
const newStack = (id = 'Acme', region?: string) =>
  new Stack(new App({ context, builtinCloudFormationValidation: false }), id, {
    ...(region && { env: { account: '111122223333', region } }),
  });

it('called `Keys` it has the resources of a clone’s stack, so that a clone can move to the package', () => {
  const stack = newStack('satori-keys-prod');
  const { account: _account, region: _region, ...prod } = stageNamed('prod').stage;
  new KeyService(stack, 'Keys', { stageName: 'prod', ...prod });
  for (const [key, value] of [
    ['service', 'satori-keys'],
    ['stage', 'prod'],
  ] as const) {
    Tags.of(stack).add(key, value);
  }
  expect(Template.fromStack(stack).toJSON().Resources).toEqual(templateOf('prod').toJSON().Resources);
});

it('two in one stack share no id and no name, and keep their tables when their constructs move', () => {
  const stack = newStack();
  new KeyService(stack, 'Keys', values);
  new KeyService(new Construct(stack, 'Partner-API'), 'Keys', { ...values, keyPrefix: 'sk_partner' });
  const template = Template.fromStack(stack);
  expect(Object.keys(template.findResources('AWS::DynamoDB::GlobalTable'))).toEqual(
    expect.arrayContaining(['KeysTable', 'UsesTable', 'PartnerAPIKeysKeysTable', 'PartnerAPIKeysUsesTable']),
  );
  const alarms = propertiesIn(template, 'AWS::CloudWatch::Alarm').map(({ AlarmName }) => AlarmName);
  expect(new Set(alarms).size).toBe(alarms.length);
  const stageNames = propertiesIn(template, 'AWS::Lambda::Function').map(
    ({ Environment }) => Environment?.Variables.STAGE,
  );
  expect([...new Set(stageNames)]).toEqual(['Acme-Keys', 'Acme-Partner-API-Keys']);
});

describe('invalid props', () => {
  it.each<[string, Partial<KeyServiceProps>, RegExp]>([
    [
      'a value',
      { corsOrigins: ['https://app.acme.test/path'] },
      /^Acme\/Keys: corsOrigins\[0\] is "https:\/\/app\.acme\.test\/path"\. Use .*\. Set it in the props of KeyService\.$/,
    ],
    [
      'values that do not go together',
      { defaultScopes: ['docs:read'] },
      /^Acme\/Keys: defaultScopes has docs:read.* in the props of KeyService\.$/,
    ],
    [
      'replicas in a stack without a Region',
      { replicaRegions: ['eu-west-1', 'eu-west-2'] },
      /^Acme\/Keys: replicaRegions is .*Set the Region in env of the stack and replicaRegions in the props of KeyService,/,
    ],
    ['a name', { stageName: 'a/b' }, /^Acme\/Keys: stageName is "a\/b"\. Use 1 to 80 letters/],
    ['an unknown prop', { tableName: 'x' } as object, /^Acme\/Keys: tableName is not a value of a stage\./],
  ])('%s: the error names the construct, the prop and what to do', (_what, changes, message) => {
    const create = () => new KeyService(newStack(), 'Keys', { ...values, ...changes });
    expect(create).toThrow(StageError);
    expect(create).toThrow(message);
  });

  it('a sample is a warning', () => {
    const stack = newStack();
    new KeyService(stack, 'Keys', { ...values, clerkIssuer: 'https://clerk.example.com' });
    const warning = Match.stringLikeRegexp('^Acme/Keys: clerkIssuer is a sample value .* in the props of KeyService');
    Annotations.fromStack(stack).hasWarning('/Acme/Keys', warning);
  });
});

it('takes the Region of its replicas from the stack', () => {
  const stack = newStack('Acme', 'eu-central-1');
  new KeyService(stack, 'Keys', { ...values, replicaRegions: ['eu-west-1', 'eu-west-2'] });
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ USE_REGIONS: 'eu-central-1,eu-west-1,eu-west-2' }) },
  });
});

it('grantVerify lets a role read keys and count uses, and nothing else', () => {
  const stack = newStack();
  const service = new KeyService(stack, 'Keys', values);
  service.grantVerify(new Role(stack, 'Backend', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }));
  const [policy] = propertiesIn(Template.fromStack(stack), 'AWS::IAM::Policy').filter(({ Roles }) =>
    /^Backend/.test(Roles[0].Ref),
  );
  expect(policy?.PolicyDocument.Statement).toEqual([
    { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: { 'Fn::GetAtt': ['KeysTable', 'Arn'] } },
    {
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      Resource: { 'Fn::GetAtt': ['UsesTable', 'Arn'] },
    },
  ]);
});

it('an authorizer has the tables, prefixes, limit, name and alarms of its service', () => {
  const stack = newStack();
  const service = new KeyService(stack, 'Keys', {
    ...values,
    stageName: 'prod',
    previousKeyPrefixes: ['sk_old'],
    requestsPerMinute: 60,
  });
  const authorizer = service.authorizer(stack, 'Docs', { scopes: ['docs:read'] });
  new HttpApi(stack, 'Api').addRoutes({
    path: '/docs',
    methods: [HttpMethod.GET],
    integration: new HttpUrlIntegration('Docs', 'https://docs.acme.test'),
    authorizer,
  });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: {
        STAGE: 'prod',
        TABLE_NAME: { Ref: 'KeysTable' },
        USES_TABLE_NAME: { Ref: 'UsesTable' },
        KEY_PREFIX: 'sk_acme',
        PREVIOUS_KEY_PREFIXES: 'sk_old',
        KEY_REQUESTS_PER_MINUTE: '60',
        REQUIRED_SCOPES: 'docs:read',
      },
    },
  });
  const authorizerAlarms = propertiesIn(template, 'AWS::CloudWatch::Alarm').filter(({ AlarmName }) =>
    AlarmName.includes('-authorizer-'),
  );
  expect(authorizerAlarms.map(({ AlarmActions }) => AlarmActions)).toEqual(
    authorizer.alarms.map(() => [stack.resolve(service.alarmTopic.topicArn)]),
  );
});
