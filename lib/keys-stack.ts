import { Annotations, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { entries } from './bundle';
import { ClerkSecret } from './constructs/clerk-secret';
import { GradualDeployment } from './constructs/gradual-deployment';
import { KeysHttpApi } from './constructs/http-api';
import { KeysFunction } from './constructs/keys-function';
import { KeysTable } from './constructs/keys-table';
import { Monitoring } from './constructs/monitoring';
import { samplesIn } from './stage-checks';
import { environmentOf, type Stage } from './stages';

export interface KeysStackProps {
  /** The name of the stage: a tag, and what the logs say. */
  readonly stageName: string;
  readonly stage: Stage;
}

/** The key service of one stage. */
export class KeysStack extends Stack {
  readonly table: KeysTable;
  readonly clerkSecret: ClerkSecret;
  readonly api: KeysHttpApi;

  constructor(scope: Construct, id: string, { stageName, stage }: KeysStackProps) {
    const tags = { service: 'satori-keys', stage: stageName };
    super(scope, id, {
      description: `Satori Keys (${stageName}): lets the users of a product create API keys`,
      terminationProtection: stage.retainData,
      tags,
      env: environmentOf(stage),
    });
    for (const sample of samplesIn(stageName, stage)) {
      Annotations.of(this).addWarningV2('satori-keys:sample', sample);
    }
    for (const [key, value] of Object.entries(tags)) Tags.of(this).add(key, value);

    this.table = new KeysTable(this, 'Keys', stage);
    this.clerkSecret = new ClerkSecret(this, 'Clerk', {
      existingName: stage.clerkSecretName,
      retainData: stage.retainData,
    });
    const apiFunction = new KeysFunction(this, 'ApiFunction', {
      description: `Satori Keys (${stageName}): the tRPC router`,
      entry: entries.api,
      environment: {
        STAGE: stageName,
        TABLE_NAME: this.table.table.tableName,
        CLERK_SECRET_ID: this.clerkSecret.secret.secretArn,
        CLERK_INSTANCE: stage.clerkInstance,
        CLERK_ISSUER: stage.clerkIssuer,
        CLERK_AUTHORIZED_PARTIES: stage.authorizedParties.join(','),
        KEY_PREFIX: stage.keyPrefix,
        KEY_REQUESTS_PER_MINUTE: String(stage.requestsPerMinute ?? 'off'),
      },
      logRetention: stage.logRetention,
      reservedConcurrency: stage.reservedConcurrency,
      provisionedConcurrency: stage.provisionedConcurrency,
    });
    this.table.grantManage(apiFunction);
    this.clerkSecret.grantRead(apiFunction);
    this.api = new KeysHttpApi(this, 'HttpApi', {
      name: `satori-keys-${stageName}`,
      description: `Satori Keys (${stageName}): the HTTP API`,
      handler: apiFunction.live,
      ...stage,
    });
    const { deploymentAlarms } = new Monitoring(this, 'Monitoring', {
      ...stage,
      stageName,
      api: this.api.api,
      live: apiFunction.live,
      table: this.table.table,
      functionLogs: apiFunction.logGroup,
    });
    if (stage.gradualDeployment) {
      new GradualDeployment(this, 'Deployment', { alias: apiFunction.live, alarms: deploymentAlarms });
    }

    new CfnOutput(this, 'ApiUrl', { value: `${this.api.url}/trpc`, description: 'Base of every call' });
    new CfnOutput(this, 'TableName', { value: this.table.table.tableName });
    new CfnOutput(this, 'SecretName', {
      value: this.clerkSecret.secret.secretName,
      // CloudFormation keeps ASCII only.
      description: "Put Clerk's secret key, JWT public key and webhook signing secret here",
    });
  }
}
