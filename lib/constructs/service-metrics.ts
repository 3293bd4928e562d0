import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type Counter, clerkLatency, metricNamespace, serviceName } from '../../lambda/shared/metric-names';

/** The metrics that the functions write to their logs, per stage. All periods are five minutes. */
export class ServiceMetrics {
  constructor(private readonly stageName: string) {}

  /** The sum of a counter. */
  count(metricName: Counter, label: string = metricName): Metric {
    return this.metric(metricName, Stats.SUM, label);
  }

  /**
   * The duration of the calls to Clerk, in ms. Of a request with more than 99 calls it has a sample.
   * @param statistic such as `p99`.
   */
  clerkLatency(statistic: string): Metric {
    return this.metric(clerkLatency, statistic, `Clerk ${statistic}`);
  }

  private metric(metricName: string, statistic: string, label: string): Metric {
    return new Metric({
      namespace: metricNamespace,
      metricName,
      dimensionsMap: { service: serviceName, stage: this.stageName },
      statistic,
      label,
      period: Duration.minutes(5),
    });
  }
}
