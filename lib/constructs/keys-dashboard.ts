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
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { throttleEvents } from './part-metrics';
import type { ServiceMetrics } from './service-metrics';

export interface KeysDashboardProps {
  readonly name: string;
  readonly metrics: ServiceMetrics;
  readonly alarms: readonly AlarmBase[];
  readonly api: HttpApi;
  readonly live: Alias;
  readonly table: ITableV2;
}

/** Row by row: is it well, what callers see, what is done, what stands behind. Red is bad wherever it shows. */
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
      widgets: [this.health(), this.callers(), this.work(), this.clerk(), this.parts()].map((row) => [row]),
    });
  }

  private health(): Row {
    const { metrics, alarms } = this.props;
    return new Row(
      new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 12, height: 5 }),
      new SingleValueWidget({
        title: 'The last five minutes',
        metrics: [
          metrics.count('KeysCreated', 'Keys made'),
          metrics.count('KeysRevoked', 'Keys revoked'),
          metrics.count('VerificationsAccepted', 'Verified'),
        ],
        width: 12,
        height: 5,
      }),
    );
  }

  private callers(): Row {
    const { api } = this.props;
    const counts = { statistic: Stats.SUM };
    return new Row(
      graph('Requests', [api.metricCount({ ...counts, label: 'All', color: Color.GREY })]),
      graph('Refused and failed', [
        api.metricClientError({ ...counts, label: '4xx', color: Color.ORANGE }),
        api.metricServerError({ ...counts, label: '5xx', color: Color.RED }),
      ]),
      graph(
        'How long an answer takes (ms)',
        ['p50', 'p99'].map((statistic) => api.metricLatency({ statistic, label: statistic })),
      ),
    );
  }

  private work(): Row {
    const { metrics } = this.props;
    return new Row(
      graph('Keys', [
        metrics.count('KeysCreated', 'Made'),
        metrics.count('KeysRevoked', 'Revoked'),
        metrics.count('KeysNotStored', 'Not stored').with({ color: Color.RED }),
      ]),
      graph('Verifications', [
        metrics.count('VerificationsAccepted', 'Accepted').with({ color: Color.GREEN }),
        metrics.count('VerificationsDenied', 'Denied').with({ color: Color.ORANGE }),
        metrics.count('VerificationsLimited', 'Over the limit').with({ color: Color.PURPLE }),
        metrics.count('VerificationsUndecided', 'Undecided').with({ color: Color.RED }),
      ]),
      graph('Left at Clerk and healed', [
        metrics.count('RevocationsOwed', 'Revocations owed').with({ color: Color.ORANGE }),
        metrics.count('RevocationsSettled', 'Revocations settled'),
        metrics.count('OrphansRevoked', 'Orphans revoked'),
      ]),
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
      graph('How long Clerk takes (ms)', [metrics.clerkLatency('p50'), metrics.clerkLatency('p99')]),
      graph('Our Clerk secret', [
        metrics.count('ClerkCallsUnauthorized', 'Refused by Clerk').with({ color: Color.RED }),
        metrics.count('ClerkSecretUnusable', 'Unusable').with({ color: Color.BROWN }),
      ]),
    );
  }

  private parts(): Row {
    const { live, table } = this.props;
    return new Row(
      graph('Function', [
        live.metricErrors({ label: 'Errors', color: Color.RED }),
        live.metricThrottles({ label: 'Throttled', color: Color.PURPLE }),
      ]),
      graph('How long the function runs (ms)', [
        live.metricDuration({ statistic: 'p50', label: 'p50' }),
        live.metricDuration({ statistic: 'p99', label: 'p99' }),
      ]),
      graph('Table', [
        table.metricConsumedWriteCapacityUnits({ label: 'Write units' }),
        table.metricConsumedReadCapacityUnits({ label: 'Read units' }),
        throttleEvents(table),
      ]),
    );
  }
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8, height: 6, leftYAxis: { min: 0, showUnits: false } });
}
