import { CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { KeyService } from './key-service';
import { checkedStage } from './stages/check';
import { environmentOf } from './stages/environment';
import { stagePlace } from './stages/place';
import type { StageValues } from './stages/values';

export interface KeysStackProps {
  /** The stage's name, used in the tags and in each log line. */
  readonly stageName: string;
  /** The values of the stage. The stack checks them and adds the defaults. */
  readonly stage: StageValues;
}

/**
 * The stack of one stage: a key service with the stage's tags, environment, protection and outputs.
 * @throws StageError for a value that is invalid.
 */
export class KeysStack extends Stack {
  readonly service: KeyService;

  constructor(scope: Construct, id: string, { stageName, stage: values }: KeysStackProps) {
    const { account, region, ...stage } = checkedStage(stageName, values);
    const tags = { service: 'satori-keys', stage: stageName };
    super(scope, id, {
      description: `Satori Keys (${stageName}): API keys for the users of a product`,
      terminationProtection: stage.deletionProtection,
      tags,
      env: environmentOf({ account, region }),
    });
    for (const [key, value] of Object.entries(tags)) Tags.of(this).add(key, value);
    this.service = new KeyService(this, 'Keys', { stageName, ...stage }, stagePlace(stageName));
    this.addOutputs();
  }

  private addOutputs(): void {
    const { apiUrl, tables, clerkSecret, alarmTopic, eventBus } = this.service;
    new CfnOutput(this, 'ApiUrl', { value: apiUrl, description: 'Base URL of the API' });
    new CfnOutput(this, 'TableName', {
      value: tables.keys.tableName,
      description: 'Name of the keys table',
    });
    new CfnOutput(this, 'UsesTableName', {
      value: tables.uses.tableName,
      description: 'Name of the uses table (last use and rate limit of each key)',
    });
    new CfnOutput(this, 'SecretName', {
      value: clerkSecret.secret.secretName,
      // CloudFormation supports only ASCII in descriptions.
      description: "Name of the secret for Clerk's secret key, JWT public key and webhook signing secret",
    });
    new CfnOutput(this, 'EventBusName', {
      value: eventBus.eventBusName,
      description: 'Name of the event bus that gets the changes of keys',
    });
    new CfnOutput(this, 'AlarmTopicArn', {
      value: alarmTopic.topicArn,
      description: 'ARN of the SNS topic for alarms, also for the alarms of authorizers',
    });
  }
}
