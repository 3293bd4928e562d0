import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type MaintenanceVariables, maintenanceEnvironment } from '../../lambda/shared/env';
import { entries } from '../bundle';
import type { Stage } from '../stages/schema';
import { acknowledge } from './acknowledge';
import type { ClerkSecret } from './clerk-secret';
import { KeysFunction } from './keys-function';
import type { KeysTables } from './keys-tables';

export interface MaintenanceProps {
  readonly stageName: string;
  readonly stage: Stage;
  readonly tables: KeysTables;
  readonly clerkSecret: ClerkSecret;
  /** The Regions whose uses are read and removed. Default: the stack's. */
  readonly useRegions: readonly string[] | undefined;
}

/** A function that runs each hour, compares the keys with Clerk and cleans up: docs/design.md, "Maintenance". */
export class Maintenance extends Construct {
  readonly live: Alias;

  constructor(scope: Construct, id: string, props: MaintenanceProps) {
    super(scope, id);
    const { stageName, stage, tables, clerkSecret, useRegions } = props;
    const environment: MaintenanceVariables = {
      STAGE: stageName,
      TABLE_NAME: tables.keys.tableName,
      USES_TABLE_NAME: tables.uses.tableName,
      ...(useRegions && { USE_REGIONS: useRegions.join(',') }),
      CLERK_SECRET_ID: clerkSecret.id,
      CLERK_INSTANCE: stage.clerkInstance,
      REVOKED_KEY_RETENTION_DAYS: String(stage.revokedKeyRetentionDays),
      IDLE_KEY_DAYS: String(stage.idleKeyDays ?? 'off'),
    };
    const handler = new KeysFunction(this, 'Function', {
      description: `Satori Keys (${stageName}): compares the keys with Clerk and cleans up`,
      entry: entries.maintenance,
      environment: { ...environment },
      environmentSchema: maintenanceEnvironment,
      logRetention: stage.logRetention,
      retainLogs: stage.retainData,
      timeout: Duration.minutes(10),
    });
    tables.grantMaintain(handler);
    clerkSecret.grantRead(handler);
    this.live = handler.live;
    const schedule = new Rule(this, 'Schedule', {
      description: `Satori Keys (${stageName}): starts the maintenance`,
      schedule: Schedule.rate(Duration.hours(1)),
      // A run that fails continues an hour later, where it stopped.
      targets: [new LambdaFunction(handler.live, { retryAttempts: 0 })],
    });
    acknowledge(schedule, {
      id: 'Serverless-EventBusDLQ',
      reason: 'A run that does not start has no data to keep. An alarm starts when there was none for three hours.',
    });
  }
}
