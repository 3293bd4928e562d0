import { Annotations, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { type ApiVariables, apiEnvironment } from '../lambda/shared/env';
import { entries } from './bundle';
import { ClerkSecret } from './constructs/clerk-secret';
import { GradualDeployment } from './constructs/gradual-deployment';
import { KeysHttpApi } from './constructs/http-api';
import { KeyEvents } from './constructs/key-events';
import { KeyPrefixRule } from './constructs/key-prefix-rule';
import { KeysFunction } from './constructs/keys-function';
import { KeysTables } from './constructs/keys-tables';
import { Maintenance } from './constructs/maintenance';
import { Monitoring } from './constructs/monitoring';
import { checkedStage } from './stages/check';
import { environmentOf } from './stages/environment';
import { noticesIn, samplesIn } from './stages/notices';
import type { Stage, StageValues } from './stages/schema';

export interface KeysStackProps {
  /** The stage's name, used in the tags and in each log line. */
  readonly stageName: string;
  /** The values of the stage. The stack checks them and adds the defaults. */
  readonly stage: StageValues;
}

/**
 * The key service of one stage.
 * @throws StageError for a value that is invalid.
 */
export class KeysStack extends Stack {
  readonly tables: KeysTables;
  readonly clerkSecret: ClerkSecret;
  readonly api: KeysHttpApi;

  constructor(scope: Construct, id: string, { stageName, stage: values }: KeysStackProps) {
    const stage = checkedStage(stageName, values);
    const tags = { service: 'satori-keys', stage: stageName };
    super(scope, id, {
      description: `Satori Keys (${stageName}): API keys for the users of a product`,
      terminationProtection: stage.deletionProtection,
      tags,
      env: environmentOf(stage),
    });
    for (const sample of samplesIn(stageName, stage)) {
      Annotations.of(this).addWarningV2('satori-keys:sample', sample);
    }
    for (const notice of noticesIn(stageName, stage)) Annotations.of(this).addInfo(notice);
    for (const [key, value] of Object.entries(tags)) Tags.of(this).add(key, value);

    new KeyPrefixRule(this, 'KeyPrefix', stage);
    this.tables = new KeysTables(this, 'Keys', stage);
    this.clerkSecret = new ClerkSecret(this, 'Clerk', {
      existingName: stage.clerkSecretName,
      retainData: stage.retainData,
    });
    const apiFunction = new KeysFunction(this, 'ApiFunction', {
      description: `Satori Keys (${stageName}): handles all HTTP requests`,
      entry: entries.api,
      environment: this.apiVariables(stageName, stage),
      environmentSchema: apiEnvironment,
      logRetention: stage.logRetention,
      retainLogs: stage.retainData,
      reservedConcurrency: stage.reservedConcurrency,
      provisionedConcurrency: stage.provisionedConcurrency,
    });
    this.tables.grantManage(apiFunction);
    this.clerkSecret.grantRead(apiFunction);
    this.api = new KeysHttpApi(this, 'HttpApi', {
      name: `satori-keys-${stageName}`,
      description: `Satori Keys (${stageName}): HTTP API`,
      handler: apiFunction.live,
      retainLogs: stage.retainData,
      ...stage,
    });
    const events = new KeyEvents(this, 'Events', { stageName, stage, table: this.tables.keys });
    const { tables, clerkSecret } = this;
    const useRegions = stage.replicaRegions.length > 0 ? [this.region, ...stage.replicaRegions] : undefined;
    const maintenance = new Maintenance(this, 'Maintenance', { stageName, stage, tables, clerkSecret, useRegions });
    const { deploymentAlarms, topic } = new Monitoring(this, 'Monitoring', {
      ...stage,
      stageName,
      api: this.api.api,
      live: apiFunction.live,
      tables: this.tables,
      functionLogs: apiFunction.logGroup,
      events,
      maintenance,
    });
    if (stage.gradualDeployment) {
      new GradualDeployment(this, 'Deployment', { alias: apiFunction.live, alarms: deploymentAlarms });
    }
    this.addOutputs(topic, events.bus.eventBusName);
  }

  private apiVariables(stageName: string, stage: Stage): ApiVariables {
    return {
      STAGE: stageName,
      TABLE_NAME: this.tables.keys.tableName,
      USES_TABLE_NAME: this.tables.uses.tableName,
      ...(stage.replicaRegions.length > 0 && {
        USE_REGIONS: [this.region, ...stage.replicaRegions].join(','),
      }),
      CLERK_SECRET_ID: this.clerkSecret.id,
      CLERK_INSTANCE: stage.clerkInstance,
      CLERK_ISSUER: stage.clerkIssuer,
      CLERK_AUTHORIZED_PARTIES: stage.authorizedParties.join(','),
      KEY_PREFIX: stage.keyPrefix,
      PREVIOUS_KEY_PREFIXES: stage.previousKeyPrefixes.join(','),
      KEY_REQUESTS_PER_MINUTE: String(stage.requestsPerMinute ?? 'off'),
      SCOPES: Object.keys(stage.scopes).join(','),
      DEFAULT_SCOPES: stage.defaultScopes.join(','),
      MAX_KEY_LIFETIME_DAYS: String(stage.maxKeyLifetimeDays ?? 'off'),
      ORGANIZATION_VIEW_ROLES: stage.organizationRoles.view.join(','),
      ORGANIZATION_MANAGE_ROLES: stage.organizationRoles.manage.join(','),
      MAX_KEYS_PER_OWNER: String(stage.maxKeysPerOwner),
      KEYS_PER_OWNER_PER_HOUR: String(stage.keysPerOwnerPerHour),
    };
  }

  private addOutputs(alarmTopic: ITopic, eventBusName: string): void {
    new CfnOutput(this, 'ApiUrl', { value: this.api.url, description: 'Base URL of the API' });
    new CfnOutput(this, 'TableName', {
      value: this.tables.keys.tableName,
      description: 'Name of the keys table',
    });
    new CfnOutput(this, 'UsesTableName', {
      value: this.tables.uses.tableName,
      description: 'Name of the uses table (last use and rate limit of each key)',
    });
    new CfnOutput(this, 'SecretName', {
      value: this.clerkSecret.secret.secretName,
      // CloudFormation supports only ASCII in descriptions.
      description: "Name of the secret for Clerk's secret key, JWT public key and webhook signing secret",
    });
    new CfnOutput(this, 'EventBusName', {
      value: eventBusName,
      description: 'Name of the event bus that tells the changes of keys',
    });
    new CfnOutput(this, 'AlarmTopicArn', {
      value: alarmTopic.topicArn,
      description: 'ARN of the SNS topic for alarms, also for the alarms of authorizers',
    });
  }
}
