import { Duration } from 'aws-cdk-lib';
import { type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';

/** The metrics that the functions write into their logs; `lambda/shared/metrics.ts` has the same names. */
export class ServiceMetrics {
  constructor(private readonly stageName: string) {}

  /** How often it happened in five minutes. */
  count(metricName: string, label = metricName): Metric {
    return this.metric(metricName, Stats.SUM, label);
  }

  /** All calls to Clerk, whatever they came to. */
  clerkCalls(): IMetric {
    return this.metric('ClerkLatency', Stats.SAMPLE_COUNT, 'Clerk calls');
  }

  /** @param statistic as `p99`, of five minutes. */
  clerkLatency(statistic: string): Metric {
    return this.metric('ClerkLatency', statistic, `Clerk ${statistic}`);
  }

  private metric(metricName: string, statistic: string, label: string): Metric {
    return new Metric({
      namespace: 'SatoriKeys',
      metricName,
      dimensionsMap: { service: 'satori-keys', stage: this.stageName },
      statistic,
      label,
      period: Duration.minutes(5),
    });
  }
}
