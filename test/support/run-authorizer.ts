// Runs the bundled authorizer of examples/guarded-api with the given keys. For test/deep/local/two-servers.test.ts.
import { App } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json';
import { GuardedApi } from '../../examples/guarded-api/stack';
import { loadFunction } from '../../local/lambda-function';
import { assemblyOf } from '../../local/synthesize';
import { resourcesOf } from '../../local/template';
import { lambdaContext } from './http-api-events';

const [tableName = '', usesTableName = '', tableUrl, accessKeyId, ...keys] = process.argv.slice(2);

async function main(): Promise<void> {
  const app = new App({ context: cdkJson.context, analyticsReporting: false, builtinCloudFormationValidation: false });
  const props = { tableName, usesTableName, keyPrefix: 'sk_satori_test' };
  const assembly = assemblyOf(new GuardedApi(app, 'guarded-api', props));
  const lambdas = resourcesOf(assembly.template, 'AWS::Lambda::Function');
  const [authorizer] = lambdas.filter(({ Properties }) => Properties.Environment?.Variables.TABLE_NAME);
  if (!authorizer) throw new Error('The example has no authorizer.');
  const code = await loadFunction(assembly, authorizer, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'not checked',
    AWS_ENDPOINT_URL_DYNAMODB: tableUrl,
  });
  const verdicts = [];
  for (const key of keys) {
    verdicts.push(
      await code.handler({ headers: { 'x-api-key': key }, requestContext: { requestId: 'r' } }, lambdaContext()),
    );
  }
  assembly.remove();
  console.log(`verdicts: ${JSON.stringify(verdicts)}`);
}

main();
