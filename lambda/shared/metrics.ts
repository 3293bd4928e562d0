import { Metrics as EmbeddedMetrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { type Counter, clerkLatency, metricNamespace, serviceName } from './metric-names';

export type { Counter } from './metric-names';

/** Records the metrics of the service. */
export interface Metrics {
  count(name: Counter, by?: number): void;
  /** Records the duration of one call to Clerk. */
  clerkTook(milliseconds: number): void;
  /**
   * Returns the metrics since the last call of this method, as fields of a log line in CloudWatch's embedded
   * metric format:
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
   * The logger adds the dimension `service`. The line is also the log line of the request, so a metric leads to
   * requests.
   */
  take(): Readonly<Record<string, unknown>>;
}

/** Creates the metrics of a stage. Concurrent requests in one process share them. */
export function createMetrics(stage: string): Metrics {
  const embedded = new EmbeddedMetrics({
    namespace: metricNamespace,
    serviceName,
    defaultDimensions: { stage },
  });
  return {
    count: (name, by = 1) => void embedded.addMetric(name, MetricUnit.Count, by),
    clerkTook: (milliseconds) =>
      void embedded.addMetric(clerkLatency, MetricUnit.Milliseconds, Math.round(milliseconds)),
    take: () => {
      if (!embedded.hasStoredMetrics()) return {};
      const { service: _addedByLogger, ...members } = embedded.serializeMetrics();
      embedded.clearMetrics();
      return members;
    },
  };
}
