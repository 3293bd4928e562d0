import { join } from 'node:path';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { ApiKeyAuthorizer } from 'satori-keys/cdk';

export interface GuardedApiProps extends StackProps {
  /** The key service's output `TableName`. */
  readonly tableName: string;
  /** The key service's output `UsesTableName`. */
  readonly usesTableName: string;
  /** The stage's key prefix. Default: `sk_satori`. */
  readonly keyPrefix?: string | undefined;
  /** The key service's output `AlarmTopicArn`. Default: the authorizer's alarms notify nobody. */
  readonly alarmTopicArn?: string | undefined;
}

/** An example API: any key may call `GET /hello`, and a key with the scope `docs:read` may call `GET /docs`. */
export class GuardedApi extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { tableName, usesTableName, keyPrefix, alarmTopicArn, ...props }: GuardedApiProps,
  ) {
    super(scope, id, props);
    const keyService = {
      table: TableV2.fromTableName(this, 'KeysTable', tableName),
      usesTable: TableV2.fromTableName(this, 'UsesTable', usesTableName),
      keyPrefix,
      requestsPerMinute: 100,
      ...(alarmTopicArn && { alarmTopic: Topic.fromTopicArn(this, 'AlarmTopic', alarmTopicArn) }),
    };
    const anyKey = new ApiKeyAuthorizer(this, 'Keys', keyService);
    const readers = new ApiKeyAuthorizer(this, 'Docs', { ...keyService, scopes: ['docs:read'] });
    const hello = new NodejsFunction(this, 'Hello', {
      entry: join(__dirname, 'hello.ts'),
      runtime: Runtime.NODEJS_24_X,
    });
    const integration = new HttpLambdaIntegration('Hello', hello);
    const api = new HttpApi(this, 'Api');
    api.addRoutes({ path: '/hello', methods: [HttpMethod.GET], integration, authorizer: anyKey });
    api.addRoutes({ path: '/docs', methods: [HttpMethod.GET], integration, authorizer: readers });
    new CfnOutput(this, 'ApiUrl', { value: api.apiEndpoint });
  }
}
