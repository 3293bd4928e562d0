import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { GuardedApi } from '../../../examples/guarded-api/stack';
import { tableIds } from '../../../lib/constructs/table-ids';
import { type Assembly, assemblyOf, synthesize } from '../../../local/synthesize';
import { resolve, resourcesOf, type Template } from '../../../local/template';
import { blockOf } from '../../support/documents';
import { account, region, type Statement } from '../emulator/client';
import { offline } from '../support/offline-stack';

function templateOf({ template, remove }: Assembly): Template {
  remove();
  return template;
}

const silenced = jest.spyOn(console, 'error').mockImplementation(() => {});
export const prodTemplate = templateOf(synthesize('prod', { bundle: false }));
silenced.mockRestore();

/** The stack of the example that guards two routes with keys. */
export function guardedTemplate(): Template {
  const outdir = mkdtempSync(join(tmpdir(), 'satori-keys-'));
  const app = new App({ context: offline, analyticsReporting: false, outdir });
  const names = { tableName: tableIds.keys, usesTableName: tableIds.uses };
  return templateOf(assemblyOf(new GuardedApi(app, 'guarded-api', names)));
}

/** The policy of a verifier as docs/verifying.md has it, for the tables of this test. */
export function documentedStatements(): Statement[] {
  const { text } = blockOf('docs/verifying.md', '{\n  "Version"');
  const resources = { TABLE_NAME: tableIds.keys, USES_TABLE_NAME: tableIds.uses, REGION: region, ACCOUNT: account };
  return JSON.parse(text.replaceAll(/\b[A-Z_]{6,}\b/g, (name) => resources[name as keyof typeof resources])).Statement;
}

export const tableArn = (name: string) => `arn:aws:dynamodb:${region}:${account}:table/${name}`;

/**
 * Everything that the role of one function on the tables may do.
 * @param which matches the function's logical ID, or is the required scopes of an authorizer.
 */
export function statementsOf(template: Template, which: RegExp | string): Statement[] {
  const lambdas = resourcesOf(template, 'AWS::Lambda::Function').filter(({ logicalId, Properties }) => {
    const { TABLE_NAME, REQUIRED_SCOPES } = Properties.Environment?.Variables ?? {};
    return TABLE_NAME && (typeof which === 'string' ? REQUIRED_SCOPES === which : which.test(logicalId));
  });
  if (lambdas.length !== 1) throw new Error('The template has not exactly one such function on the tables.');
  const roleId: string = lambdas[0]?.Properties.Role['Fn::GetAtt'][0];
  const { ManagedPolicyArns = [], Policies = [] } = template.Resources[roleId]?.Properties ?? {};
  if (ManagedPolicyArns.length > 0) throw new Error('The role has policies that are not in the template.');
  const attached = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy']
    .flatMap((type) => resourcesOf(template, type))
    .map(({ Properties }) => Properties)
    .filter(({ Roles, RoleName }) => JSON.stringify([Roles, RoleName]).includes(`{"Ref":"${roleId}"}`));
  const statements = [...Policies, ...attached].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  // Resources are named by their logical ids. Only the ARNs of the tables matter here.
  const withArns = JSON.parse(JSON.stringify(statements), (_name, value) => {
    const id = value?.['Fn::GetAtt']?.[0];
    return template.Resources[id]?.Type === 'AWS::DynamoDB::GlobalTable' ? tableArn(id) : value;
  });
  return resolve(template, withArns) as Statement[];
}

/** The policy of docs/operations.md for an operator, in the emulator's account and Region. */
export function operatorStatements(): Statement[] {
  const { text } = blockOf('docs/operations.md', '{\n  "Version"');
  return JSON.parse(text.replaceAll('eu-central-1:111122223333', `${region}:${account}`)).Statement;
}
