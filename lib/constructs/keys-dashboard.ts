import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  type AlarmBase,
  AlarmStatusWidget,
  Color,
  Dashboard,
  GraphWidget,
  type IMetric,
  PeriodOverride,
  Row,
  SingleValueWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { KeysTables } from './keys-tables';
import { throttleEvents } from './metric-math';
import type { ServiceMetrics } from './service-metrics';

export interface KeysDashboardProps {
  readonly name: string;
  readonly metrics: ServiceMetrics;
  readonly alarms: readonly AlarmBase[];
  readonly api: HttpApi;
  readonly live: Alias;
  readonly tables: KeysTables;
}

/** One row each: health, requests, keys, refused callers, Clerk, events and maintenance, AWS resources. Red marks failures. */
export class KeysDashboard extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: KeysDashboardProps,
  ) {
    super(scope, id);
    new Dashboard(this, 'Dashboard', {
      dashboardName: props.name,
      defaultInterval: Duration.hours(3),
      periodOverride: PeriodOverride.INHERIT,
      widgets: [
        [this.health()],
        [this.callers()],
        [this.keys()],
        [this.refused()],
        [this.clerk()],
        [this.background()],
        [this.resources()],
      ],
    });
  }

  private health(): Row {
    const { metrics, alarms } = this.props;
    return new Row(
      new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 12, height: 5 }),
      new SingleValueWidget({
        title: 'The last five minutes',
        metrics: [
          metrics.count('KeysCreated', 'Keys created'),
          metrics.count('KeysRevoked', 'Keys revoked'),
          metrics.count('VerificationsAccepted', 'Verified'),
        ],
        width: 12,
        height: 5,
      }),
    );
  }

  private callers(): Row {
    const { api, metrics } = this.props;
    const counts = { statistic: Stats.SUM };
    return new Row(
      graph('Requests', [api.metricCount({ ...counts, label: 'All', color: Color.GREY })]),
      graph('Errors', [
        api.metricClientError({ ...counts, label: '4xx', color: Color.ORANGE }),
        api.metricServerError({ ...counts, label: '5xx', color: Color.RED }),
        metrics.count('InternalErrors', '500').with({ color: Color.BROWN }),
      ]),
      graph(
        'Response time (ms)',
        ['p50', 'p99'].map((statistic) => api.metricLatency({ statistic, label: statistic })),
      ),
    );
  }

  private keys(): Row {
    const { metrics } = this.props;
    return new Row(
      graph('Keys', [
        metrics.count('KeysCreated', 'Created'),
        metrics.count('KeysRotated', 'Rotated'),
        metrics.count('KeysRevoked', 'Revoked'),
        metrics.count('KeysExposed', 'Found in public').with({ color: Color.ORANGE }),
        metrics.count('KeysNotStored', 'Not stored').with({ color: Color.RED }),
      ]),
      graph('Verifications', [
        metrics.count('VerificationsAccepted', 'Accepted').with({ color: Color.GREEN }),
        metrics.count('VerificationsDenied', 'Denied').with({ color: Color.ORANGE }),
        metrics.count('VerificationsLimited', 'Over the limit').with({ color: Color.PURPLE }),
        metrics.count('VerificationsUndecided', 'Undecided').with({ color: Color.RED }),
      ]),
      graph('Pending in Clerk', [
        metrics.count('RevocationsPending', 'Revocations pending').with({ color: Color.ORANGE }),
        metrics.count('RevocationsSettled', 'Revocations settled'),
        metrics.count('OrphansRevoked', 'Orphans revoked'),
      ]),
    );
  }

  private refused(): Row {
    const { metrics } = this.props;
    return new Row(
      graph('Refused session tokens', [metrics.count('SessionsRefused', 'Not just expired')]),
      graph('Refused webhook deliveries', [
        metrics.count('DeliveriesRefused', 'Wrong signature or time'),
        metrics.count('LeakReportsFailed', 'Reports of leaked keys'),
      ]),
      graph('Creations over the limit', [metrics.count('CreationsLimited', 'Over the limit per hour')]),
    );
  }

  private clerk(): Row {
    const { metrics } = this.props;
    return new Row(
      graph('Calls to Clerk', [
        metrics.count('ClerkCallsAnswered', 'Answered').with({ color: Color.GREEN }),
        metrics.count('ClerkCallsLimited', 'Limited (429)').with({ color: Color.PURPLE }),
        metrics.count('ClerkCallsRefused', 'Refused (other 4xx)').with({ color: Color.ORANGE }),
        metrics.count('ClerkCallsFailed', 'Failed').with({ color: Color.RED }),
      ]),
      graph('Clerk response time (ms)', [metrics.clerkLatency('p50'), metrics.clerkLatency('p99')]),
      graph('Clerk secret', [
        metrics.count('ClerkCallsUnauthorized', 'Refused by Clerk').with({ color: Color.RED }),
        metrics.count('ClerkSecretUnusable', 'Unusable').with({ color: Color.BROWN }),
        metrics.count('ClerkSecretChanged', 'New version').with({ color: Color.PURPLE }),
      ]),
    );
  }

  private background(): Row {
    const { metrics } = this.props;
    return new Row(
      graph('Events', [
        metrics.count('EventsSent', 'Sent').with({ color: Color.GREEN }),
        metrics.count('EventsNotSent', 'Not sent, repeated').with({ color: Color.RED }),
      ]),
      graph('Maintenance', [
        metrics.count('MaintenanceRuns', 'Runs').with({ color: Color.GREY }),
        metrics.count('KeysRemoved', 'Keys removed'),
        metrics.count('EntriesRemoved', 'Entries removed'),
        metrics.count('ExpiriesAnnounced', 'Expiries announced'),
        metrics.count('FirstUsesAnnounced', 'First uses announced'),
        metrics.count('IdleKeysDisabled', 'Idle keys disabled'),
        metrics.count('MaintenanceFailures', 'Failures').with({ color: Color.RED }),
      ]),
      graph('Keys compared with Clerk', [
        metrics.count('KeysCompared', 'Compared').with({ color: Color.GREY }),
        metrics.count('KeysRevokedAtClerk', 'Revoked only in Clerk').with({ color: Color.ORANGE }),
        metrics.count('KeysMissingAtClerk', 'Missing in Clerk').with({ color: Color.PURPLE }),
        metrics.count('ComparisonsStopped', 'Stopped').with({ color: Color.RED }),
      ]),
    );
  }

  private resources(): Row {
    const { live, tables } = this.props;
    return new Row(
      graph('Function', [
        live.metricErrors({ label: 'Errors', color: Color.RED }),
        live.metricThrottles({ label: 'Throttled', color: Color.PURPLE }),
      ]),
      graph('Function duration (ms)', [
        live.metricDuration({ statistic: 'p50', label: 'p50' }),
        live.metricDuration({ statistic: 'p99', label: 'p99' }),
      ]),
      graph('Tables', [
        tables.keys.metricConsumedReadCapacityUnits({ label: 'Read units, keys' }),
        tables.keys.metricConsumedWriteCapacityUnits({ label: 'Write units, keys' }),
        tables.uses.metricConsumedWriteCapacityUnits({ label: 'Write units, uses' }),
        throttleEvents(tables),
      ]),
    );
  }
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8, height: 6, leftYAxis: { min: 0, showUnits: false } });
}
