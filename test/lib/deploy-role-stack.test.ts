import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import cdkJson from '../../cdk.json';
import { DeployRoleStack } from '../../lib/deploy-role-stack';
import { StageError } from '../../lib/stages/check';

/** The stack of a stage in a fixed account, so that the tests can spell out each ARN. */
function createStack(stageName: string, githubRepository = 'acme/api-keys', diffsPullRequests = false) {
  const app = new App({ context: cdkJson.context, analyticsReporting: false, builtinCloudFormationValidation: false });
  return new DeployRoleStack(app, `satori-keys-${stageName}-deploy-role`, {
    stageName,
    githubRepository,
    diffsPullRequests,
    env: { account: '123456789012', region: 'eu-central-1' },
  });
}
const dev = Template.fromStack(createStack('dev', 'acme/api-keys', true));
const prod = Template.fromStack(createStack('prod'));

/** The properties of the only resource of a type whose logical ID has this prefix. */
function properties(template: Template, type: string, prefix: string) {
  const [found, ...more] = Object.entries(template.findResources(type)).filter(([id]) => id.startsWith(prefix));
  expect(more).toEqual([]);
  return found?.[1].Properties;
}

describe.each([
  ['dev', dev, 'DeployRole', 'repo:acme/api-keys:environment:dev'],
  ['prod', prod, 'DeployRole', 'repo:acme/api-keys:environment:prod'],
  ['dev', dev, 'DiffRole', 'repo:acme/api-keys:environment:dev-diff'],
])('in %s', (_stage, template, id, subject) => {
  it(`${id} trusts only GitHub tokens for AWS with the subject ${subject}, for an hour`, () => {
    expect(properties(template, 'AWS::IAM::Role', id)).toMatchObject({
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRoleWithWebIdentity',
            Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com' },
            Condition: {
              StringEquals: {
                'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
                'token.actions.githubusercontent.com:sub': subject,
              },
            },
          },
        ],
      },
      MaxSessionDuration: 3600,
    });
  });
});

describe('a role can only assume roles of cdk bootstrap in its account and Region', () => {
  const role = (name: string) => `arn:aws:iam::123456789012:role/cdk-hnb659fds-${name}-role-123456789012-eu-central-1`;
  it.each([
    ['the deploy role: deploy and publish files', 'DeployRole', [role('deploy'), role('file-publishing')]],
    ['the diff role: look up', 'DiffRole', role('lookup')],
  ])('%s', (_what, id, Resource) => {
    const { PolicyDocument, Roles } = properties(dev, 'AWS::IAM::Policy', id);
    expect(PolicyDocument.Statement).toEqual([{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource }]);
    expect(Roles).toEqual([{ Ref: expect.stringMatching(`^${id}`) }]);
  });

  it('and the stack has no other resources or permissions', () => {
    for (const template of [dev, prod]) {
      const roles = template === dev ? 2 : 1;
      const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>);
      expect(types.map(({ Type }) => Type).sort()).toEqual([
        ...Array(roles).fill('AWS::IAM::Policy'),
        ...Array(roles).fill('AWS::IAM::Role'),
      ]);
      for (const role of Object.values(template.findResources('AWS::IAM::Role'))) {
        const properties = Object.keys(role.Properties).sort().join(' ');
        expect(properties).toBe('AssumeRolePolicyDocument Description MaxSessionDuration Tags');
      }
      expect(JSON.stringify(template.toJSON())).not.toContain('*');
    }
  });
});

it.each([
  ['AwsSolutions', AwsSolutionsChecks],
  ['Serverless', ServerlessChecks],
])('has no finding of the %s pack', (_pack, Checks) => {
  const app = createStack('dev', 'acme/api-keys', true).node.root as App;
  expect(new Checks(app).validateScope(app).violations).toEqual([]);
});

describe('the repository name', () => {
  it.each(['acme/api-keys', 'Acme-Inc/api.keys_2', 'acme@123456/api-keys@789'])('can be %s', (repository) => {
    const template = Template.fromStack(createStack('dev', repository));
    expect(JSON.stringify(template.toJSON())).toContain(`"repo:${repository}:environment:dev"`);
  });

  it.each([
    '',
    'api-keys',
    'acme/*',
    '*/api-keys',
    'acme/api?keys',
    'acme/api-keys:ref',
    'acme/api-keys/extra',
    'acme@123456/api-keys',
    'acme/api-keys@789',
    'acme/api-keys\n',
    'https://github.com/acme/api-keys',
  ])('cannot be %j: the error says which forms are valid', (repository) => {
    expect(() => createStack('dev', repository)).toThrow(
      new StageError(
        `"${repository}" is not a GitHub repository. Add -c githubRepository=OWNER/NAME or OWNER@ID/NAME@ID.`,
      ),
    );
  });
});
