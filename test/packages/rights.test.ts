import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { ArnPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { grantVerify } from '../../lib/constructs/keys-tables';
import { blockOf } from '../support/documents';

const document = 'docs/verifying.md';
const documented = JSON.parse(blockOf(document, '{\n  "Version"').text);

/** The policy of a role that may verify, with the ARNs as the document writes them. */
function granted(): unknown {
  const stack = new Stack(new App(), 'verifying', { env: { region: 'eu-west-1', account: '111122223333' } });
  const role = new Role(stack, 'Role', { assumedBy: new ArnPrincipal('arn:aws:iam::111122223333:root') });
  const [keys, uses] = ['TABLE_NAME', 'USES_TABLE_NAME'].map((name) => TableV2.fromTableName(stack, name, name));
  if (!keys || !uses) throw new Error('There are two tables.');
  grantVerify(role, { keys, uses });
  const [policy, ...others] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  expect(others).toEqual([]);
  return JSON.parse(JSON.stringify(policy?.Properties.PolicyDocument), (_name, value) =>
    Array.isArray(value?.['Fn::Join'])
      ? value['Fn::Join'][1]
          .map((part: unknown) => (typeof part === 'string' ? part : 'aws'))
          .join('')
          .replace('eu-west-1', 'REGION')
          .replace('111122223333', 'ACCOUNT')
      : value,
  );
}

it('the documented policy is what grantVerify grants', () => {
  expect(documented).toEqual(granted());
});

it('the documented Terraform has the same statements', () => {
  const { text } = blockOf(document, 'data "aws_iam_policy_document"');
  const listsOf = (name: string) =>
    [...text.matchAll(new RegExp(`${name} += (\\[.+\\])`, 'g'))].map(([, list = '']) => JSON.parse(list));
  const statements: { Action: unknown; Resource: unknown }[] = documented.Statement;
  expect(listsOf('actions')).toEqual(statements.map(({ Action }) => [Action].flat()));
  expect(listsOf('resources')).toEqual(statements.map(({ Resource }) => [Resource].flat()));
});
