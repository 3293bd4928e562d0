import { Template } from 'aws-cdk-lib/assertions';
import { stageNamed } from '../../../lib/stages';
import { offlineStack } from '../support/offline-stack';

// Two stages in one account and Region, and one stage in two Regions of an account.

jest.spyOn(console, 'error').mockImplementation(() => {});

const { domain: _domain, ...stage } = stageNamed('prod').stage;

const templateOf = (stageName: string, region: string) =>
  Template.fromStack(offlineStack(stageName, { ...stage, account: '111122223333', region }));

/** Properties that name a resource in its account and Region. An API's name and a topic's display name do not. */
const nameProperties = {
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CloudWatch::CompositeAlarm': 'AlarmName',
  'AWS::CloudWatch::Dashboard': 'DashboardName',
  'AWS::CodeDeploy::Application': 'ApplicationName',
  'AWS::CodeDeploy::DeploymentGroup': 'DeploymentGroupName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::Events::EventBus': 'Name',
  'AWS::Events::Rule': 'Name',
  'AWS::IAM::Policy': 'PolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::Logs::QueryDefinition': 'Name',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SecretsManager::Secret': 'Name',
};
/** The types whose names are shared by all Regions. An inline policy's name is its role's. */
const global = ['AWS::CloudWatch::Dashboard', 'AWS::IAM::Role'];

function namesIn(template: Template, region: string, types: readonly string[]): string[] {
  return types.flatMap((type) =>
    Object.values(template.findResources(type)).flatMap(({ Properties }) => {
      const name = Properties[nameProperties[type as keyof typeof nameProperties]];
      const text = JSON.stringify(name)?.replaceAll('{"Ref":"AWS::Region"}', JSON.stringify(region));
      return text === undefined ? [] : [`${type} ${text}`];
    }),
  );
}

const withoutPolicies = Object.keys(nameProperties).filter((type) => type !== 'AWS::IAM::Policy');

it('two stages in one account and Region have no name in common', () => {
  const [one, two] = ['prod', 'pilot'].map((name) =>
    namesIn(templateOf(name, 'eu-west-1'), 'eu-west-1', withoutPolicies),
  );
  expect(one?.length).toBeGreaterThan(10);
  expect(one?.filter((name) => two?.includes(name))).toEqual([]);
});

it('one stage in two Regions has no account-wide name in common', () => {
  const [one, two] = ['eu-west-1', 'us-east-1'].map((region) => namesIn(templateOf('prod', region), region, global));
  expect(one).toHaveLength(1);
  expect(one?.filter((name) => two?.includes(name))).toEqual([]);
});

it('no output is exported, because the names of exports are shared by all stacks of a Region', () => {
  const outputs = Object.values(templateOf('prod', 'eu-west-1').findOutputs('*'));
  expect(outputs.filter((output) => 'Export' in output)).toEqual([]);
});

it('the access log needs no entry in the Region’s resource policy for logs', () => {
  const [accessLog] = Object.entries(templateOf('prod', 'eu-west-1').findResources('AWS::Logs::LogGroup')).filter(
    ([id]) => id.includes('AccessLogs'),
  );
  expect(JSON.stringify(accessLog?.[1].Properties.LogGroupName)).toContain('"/aws/vendedlogs/');
});
