// npx cdk deploy -a 'npx tsx examples/guarded-api/app.ts' -c table=TABLE_NAME
import { App } from 'aws-cdk-lib';
import { GuardedApi } from './stack';

const app = new App();
const tableName = app.node.tryGetContext('table');
if (!tableName) {
  console.error('Add -c table=NAME: the output TableName of the key service.');
  process.exit(1);
}
new GuardedApi(app, 'guarded-api', { tableName });
