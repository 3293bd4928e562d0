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
   * The logger adds the dimension `service`. The line is also the log line of the request, so a metric can be
   * traced to its requests.
   */
  take(): Readonly<Record<string, unknown>>;
}

/** CloudWatch accepts 100 values of a metric in a line. At 100, Powertools writes them in a line of its own. */
const maxValues = 99;

/** Creates the metrics of a stage. Concurrent requests in one process share them. */
export function createMetrics(stage: string): Metrics {
  const embedded = new EmbeddedMetrics({
    namespace: metricNamespace,
    serviceName,
    defaultDimensions: { stage },
  });
  const counts = new Map<Counter, number>();
  let durations: number[] = [];
  return {
    count: (name, by = 1) => void counts.set(name, (counts.get(name) ?? 0) + by),
    clerkTook: (milliseconds) => void durations.push(Math.round(milliseconds)),
    take: () => {
      for (const [name, count] of counts) embedded.addMetric(name, MetricUnit.Count, count);
      for (const duration of sample(durations)) embedded.addMetric(clerkLatency, MetricUnit.Milliseconds, duration);
      counts.clear();
      durations = [];
      if (!embedded.hasStoredMetrics()) return {};
      const { service: _addedByLogger, ...members } = embedded.serializeMetrics();
      embedded.clearMetrics();
      return members;
    },
  };
}

/** At most `maxValues` of the values, evenly spread over their order: the smallest, the largest and those between. */
function sample(values: readonly number[]): readonly number[] {
  if (values.length <= maxValues) return values;
  const sorted = [...values].sort((a, b) => a - b);
  const step = (sorted.length - 1) / (maxValues - 1);
  return Array.from({ length: maxValues }, (_, n) => sorted[Math.round(n * step)] ?? 0);
}
