import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { authorizerEnvironment, parseEnvironment } from '../../lambda/shared/env';
import { ApiKeyAuthorizer } from '../../lib/constructs/api-key-authorizer';

it('an authorizer reads the uses of the Regions that it is told', () => {
  const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'authorizer');
  const useRegions = ['eu-west-1', 'eu-west-2', 'eu-west-3'];
  new ApiKeyAuthorizer(stack, 'Keys', {
    table: TableV2.fromTableName(stack, 'Table', 'keys'),
    usesTable: TableV2.fromTableName(stack, 'UsesTable', 'uses'),
    useRegions,
  });
  const functions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  const environments = functions.map(({ Properties }) => Properties.Environment?.Variables);
  const environment = environments.find((variables) => variables?.USES_TABLE_NAME === 'uses');
  const { USE_REGIONS } = parseEnvironment(authorizerEnvironment, {
    ...environment,
    TABLE_NAME: 'keys',
    AWS_REGION: 'eu-west-1',
  });
  expect(USE_REGIONS).toEqual(useRegions);
});
