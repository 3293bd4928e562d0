// npx cdk deploy -a 'npx tsx examples/guarded-api/app.ts' -c table=TABLE_NAME -c usesTable=USES_TABLE_NAME
// The alarms of the authorizer notify a topic if you add -c alarmTopic=ALARM_TOPIC_ARN
// The keys of dev, staging and local have another prefix: add -c keyPrefix=sk_satori_test
import { App } from 'aws-cdk-lib';
import { GuardedApi } from './stack';

const app = new App();
const tableName = app.node.tryGetContext('table');
const usesTableName = app.node.tryGetContext('usesTable');
const keyPrefix = app.node.tryGetContext('keyPrefix');
const alarmTopicArn = app.node.tryGetContext('alarmTopic');
if (!tableName || !usesTableName) {
  console.error(
    'Add -c table=NAME and -c usesTable=NAME. The names are the outputs TableName and UsesTableName of the key service.',
  );
  process.exit(1);
}
new GuardedApi(app, 'guarded-api', { tableName, usesTableName, keyPrefix, alarmTopicArn });
