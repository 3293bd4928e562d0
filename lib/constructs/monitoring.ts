import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { type Alarm, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic';
import { Alarms } from './alarms';
import { KeysDashboard } from './keys-dashboard';
import { LogQueries } from './log-queries';
import { share, sum, throttleEvents } from './part-metrics';
import { ServiceMetrics } from './service-metrics';

export interface MonitoringProps {
  readonly stageName: string;
  readonly api: HttpApi;
  readonly live: Alias;
  readonly table: ITableV2;
  readonly functionLogs: ILogGroup;
  /** E-mail addresses. */
  readonly alarmRecipients: readonly string[];
  /** Where docs/operations.md is read. */
  readonly runbookUrl: string;
}

/** How the service is doing: alarms, a dashboard and saved queries of its logs. */
export class Monitoring extends Construct {
  /** What a bad new version would ring: failures that callers see. */
  readonly deploymentAlarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const prefix = `satori-keys-${props.stageName}`;
    const metrics = new ServiceMetrics(props.stageName);
    const topic = new AlarmTopic(this, 'AlarmTopic', {
      displayName: `Satori Keys ${props.stageName}`,
      recipients: props.alarmRecipients,
    });
    const alarms = new Alarms(this, 'Alarms', { prefix, runbookUrl: props.runbookUrl, topic });
    this.deploymentAlarms = this.addCallersAlarms(alarms, props);
    this.addPartsAlarms(alarms, props, metrics);
    new KeysDashboard(this, 'Dashboard', { ...props, name: prefix, metrics, alarms: alarms.all });
    new LogQueries(this, 'Queries', { prefix, logGroup: props.functionLogs });
  }

  /** What callers notice. */
  private addCallersAlarms(alarms: Alarms, { api, live }: MonitoringProps): Alarm[] {
    const errors = api.metricServerError({ statistic: Stats.SUM });
    return [
      alarms.add({
        name: 'server-errors',
        metric: share('5xx share (%)', errors, api.metricCount({ statistic: Stats.SUM })),
        threshold: 5,
        reason: 'More than 5 % of the requests of five minutes failed by our fault (5xx).',
      }),
      alarms.add({
        name: 'latency',
        metric: api.metricLatency({ statistic: Stats.percentile(99) }),
        threshold: 3_000,
        periods: 3,
        reason: 'For fifteen minutes one request in a hundred has taken 3 s or more.',
      }),
      alarms.add({
        name: 'function-errors',
        metric: live.metricErrors(),
        threshold: 1,
        reason: 'The function crashed or ran out of time; it answers every failure itself, so this is a bug.',
      }),
    ];
  }

  /** What stands behind a failure, or is about to. */
  private addPartsAlarms(alarms: Alarms, { live, table }: MonitoringProps, metrics: ServiceMetrics): void {
    alarms.add({
      name: 'function-throttles',
      metric: live.metricThrottles(),
      threshold: 1,
      reason: 'Lambda refused to run the function: more at once than the account or the stage allows.',
    });
    alarms.add({
      name: 'table-throttles',
      metric: throttleEvents(table),
      threshold: 10,
      reason: 'DynamoDB refused calls for their rate, at the table or its index.',
    });
    alarms.add({
      name: 'clerk-secret',
      metric: sum('Clerk secret refused', {
        unauthorized: metrics.count('ClerkCallsUnauthorized'),
        unusable: metrics.count('ClerkSecretUnusable'),
      }),
      threshold: 2,
      reason:
        'Clerk takes our secret key for wrong (401, 403), or the stored secret is of no use: no keys can be made.',
    });
    const failed = metrics.count('ClerkCallsFailed');
    alarms.add({
      name: 'clerk-errors',
      metric: share('Failed Clerk calls (%)', failed, metrics.clerkCalls()),
      threshold: 10,
      reason: 'More than 10 % of the calls to Clerk failed or took longer than 5 s: making keys answers 503.',
    });
    alarms.add({
      name: 'clerk-limited',
      metric: metrics.count('ClerkCallsLimited'),
      threshold: 10,
      reason: 'The limit of Clerk itself is reached: making keys answers 429.',
    });
    alarms.addUnusual({
      name: 'denied-verifications',
      metric: metrics.count('VerificationsDenied'),
      threshold: 100,
      periods: 2,
      reason:
        'Far more keys than usual are refused: somebody is guessing, or a customer runs on a revoked key.',
    });
  }
}
