import { Aws } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { type Alarm, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic';
import { Alarms } from './alarms';
import { addBackgroundAlarms } from './background-alarms';
import type { KeyEvents } from './key-events';
import { KeysDashboard } from './keys-dashboard';
import type { KeysTables } from './keys-tables';
import { addLeakAlarms } from './leak-alarms';
import { LogQueries } from './log-queries';
import type { Maintenance } from './maintenance';
import { share, shareBeside, sum, throttleEvents } from './metric-math';
import { ServiceMetrics } from './service-metrics';

export interface MonitoringProps {
  readonly stageName: string;
  readonly api: HttpApi;
  readonly live: Alias;
  readonly tables: KeysTables;
  readonly functionLogs: ILogGroup;
  readonly events: KeyEvents;
  readonly maintenance: Maintenance;
  /** Requests per second of the whole API: steady rate and burst. */
  readonly throttle: { readonly rate: number };
  /** Whether the API accepts reports of leaked keys. */
  readonly githubSecretScanning: boolean;
  /** E-mail addresses. */
  readonly alarmRecipients: readonly string[];
  /** The URL of docs/operations.md. */
  readonly runbookUrl: string;
}

/** Alarms, a dashboard and saved log queries. */
export class Monitoring extends Construct {
  /** Alarms that stop a deployment: failures and delays that callers notice. */
  readonly deploymentAlarms: readonly Alarm[];
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const prefix = `satori-keys-${props.stageName}`;
    const metrics = new ServiceMetrics(props.stageName);
    const { topic } = new AlarmTopic(this, 'AlarmTopic', {
      displayName: `Satori Keys ${props.stageName}`,
      recipients: props.alarmRecipients,
    });
    this.topic = topic;
    const alarms = new Alarms(this, 'Alarms', { prefix, runbookUrl: props.runbookUrl, topic });
    this.deploymentAlarms = this.addCallerAlarms(alarms, props, metrics);
    this.addCauseAlarms(alarms, props, metrics);
    this.addAbuseAlarms(alarms, props, metrics);
    addBackgroundAlarms(alarms, props, metrics);
    if (props.githubSecretScanning) addLeakAlarms(alarms, metrics);
    // Dashboards of all Regions share one namespace per account.
    const name = `${prefix}-${Aws.REGION}`;
    new KeysDashboard(this, 'Dashboard', { ...props, name, metrics, alarms: alarms.all });
    new LogQueries(this, 'Queries', { prefix, logGroup: props.functionLogs });
  }

  /** Alarms for failures and delays that callers notice. */
  private addCallerAlarms(alarms: Alarms, { api, live }: MonitoringProps, metrics: ServiceMetrics): Alarm[] {
    const errors = api.metricServerError({ statistic: Stats.SUM });
    return [
      alarms.add({
        name: 'server-errors',
        metric: share('5xx share (%)', errors, api.metricCount({ statistic: Stats.SUM })),
        threshold: 5,
        reason: 'At least 5 % of the requests in five minutes failed with a server error (5xx).',
      }),
      alarms.add({
        // A percentage alone hides failures while much other traffic succeeds, such as a flood of requests.
        name: 'server-error-count',
        metric: errors,
        threshold: 25,
        reason: 'At least 25 requests in five minutes failed with a server error (5xx), however many others succeeded.',
      }),
      alarms.add({
        name: 'internal-errors',
        metric: metrics.count('InternalErrors'),
        threshold: 1,
        reason:
          'A request was answered with 500. No request of a caller causes it: this is a bug or a wrong configuration.',
      }),
      alarms.add({
        name: 'latency',
        metric: api.metricLatency({ statistic: Stats.percentile(99) }),
        threshold: 3_000,
        periods: 3,
        reason: 'For fifteen minutes, 1 % of the responses took 3 seconds or more.',
      }),
      alarms.add({
        name: 'function-errors',
        metric: live.metricErrors(),
        threshold: 1,
        reason: 'The function crashed or timed out. It handles every expected error itself, so this is a bug.',
      }),
    ];
  }

  /** Alarms for the causes of failures. */
  private addCauseAlarms(alarms: Alarms, { live, tables }: MonitoringProps, metrics: ServiceMetrics): void {
    alarms.add({
      name: 'function-throttles',
      metric: live.metricThrottles(),
      threshold: 1,
      reason: 'Lambda throttled the function: it reached the concurrency limit of the account or of the stage.',
    });
    alarms.add({
      name: 'table-throttles',
      metric: throttleEvents(tables),
      threshold: 10,
      reason: 'DynamoDB throttled calls to the keys table or the uses table.',
    });
    alarms.add({
      name: 'clerk-secret',
      metric: sum('Clerk secret refused', {
        unauthorized: metrics.count('ClerkCallsUnauthorized'),
        unusable: metrics.count('ClerkSecretUnusable'),
      }),
      // An unusable signing secret counts once per read, which is every five minutes.
      threshold: 1,
      reason: 'Clerk rejects the secret key (401, 403), or a stored value is unusable. Creating keys or webhooks fail.',
    });
    const failed = metrics.count('ClerkCallsFailed');
    alarms.add({
      name: 'clerk-errors',
      metric: shareBeside('Failed Clerk calls (%)', failed, metrics.count('ClerkCallsAnswered')),
      threshold: 10,
      reason: 'At least 10 % of the calls to Clerk failed or took longer than 5 s. Requests to create keys get 503.',
    });
    alarms.add({
      name: 'clerk-limited',
      metric: metrics.count('ClerkCallsLimited'),
      threshold: 10,
      reason: 'Clerk answered at least ten calls with 429. Requests to create keys get 429.',
    });
    alarms.add({
      name: 'clerk-secret-changed',
      metric: metrics.count('ClerkSecretChanged'),
      threshold: 1,
      reason:
        'The Clerk secret was stored again within the last hour. If nobody of your team did it, somebody else did.',
    });
    alarms.add({
      name: 'webhook-deliveries',
      metric: metrics.count('DeliveriesRefused'),
      threshold: 2,
      reason: 'Signed webhook deliveries were refused. If they came from Clerk, the keys of deleted users stay valid.',
    });
  }

  /** Alarms for callers who try something, or who send too much. */
  private addAbuseAlarms(alarms: Alarms, { api, throttle }: MonitoringProps, metrics: ServiceMetrics): void {
    const requests = api.metricCount({ statistic: Stats.SUM });
    alarms.add({
      name: 'request-flood',
      metric: requests,
      // Half of what the throttle lets through in the five minutes of the metric's period.
      threshold: (throttle.rate * 300) / 2,
      reason: 'For five minutes, the API received at least half of the requests that its throttle lets through.',
    });
    alarms.add({
      name: 'client-errors',
      metric: share('4xx share (%)', api.metricClientError({ statistic: Stats.SUM }), requests, 300),
      threshold: 50,
      reason:
        'At least half of the requests in five minutes, and at least 300, were refused (4xx), such as by the throttle.',
    });
    alarms.add({
      name: 'limited-requests',
      metric: sum('Limited', {
        verifications: metrics.count('VerificationsLimited'),
        creations: metrics.count('CreationsLimited'),
      }),
      threshold: 1_000,
      periods: 2,
      reason: 'For ten minutes, keys or users sent many more requests than their limits allow. They were answered 429.',
    });
    alarms.add({
      name: 'refused-sessions',
      metric: metrics.count('SessionsRefused'),
      threshold: 20,
      reason:
        'At least 20 session tokens were refused that were not just expired: forged ones, or a wrong configuration.',
    });
    alarms.addUnusual({
      name: 'denied-verifications',
      metric: metrics.count('VerificationsDenied'),
      threshold: 100,
      periods: 2,
      reason: 'Far more keys than usual are refused. Someone may be guessing keys, or a program uses a revoked key.',
    });
  }
}
