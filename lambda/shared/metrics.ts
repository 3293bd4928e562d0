import { Metrics as EmbeddedMetrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Everything that is counted, each by its name in CloudWatch; `lib/constructs/service-metrics.ts` reads the same names. */
export const counters = [
  'KeysCreated',
  'KeysRevoked',
  /** Made at Clerk, and the table did not take it: its caller got a 503. */
  'KeysNotStored',
  /** Names freed that a key without a record held at Clerk. */
  'OrphansRevoked',
  /** Revoked here, not yet at Clerk; one that is owed for long counts at each try. */
  'RevocationsOwed',
  'RevocationsSettled',
  'VerificationsAccepted',
  'VerificationsDenied',
  'VerificationsLimited',
  /** The table did not answer, so nobody can tell. */
  'VerificationsUndecided',
  /** Calls to Clerk that came to something, a name in use among them. */
  'ClerkCallsAnswered',
  /** 429. */
  'ClerkCallsLimited',
  /** 401 and 403: our secret key is wrong. */
  'ClerkCallsUnauthorized',
  /** Any other 4xx. */
  'ClerkCallsRefused',
  /** 5xx, no answer in time, an answer that broke off. */
  'ClerkCallsFailed',
  /** Reads of the Clerk secret that found none of use. */
  'ClerkSecretUnusable',
] as const;

export type Counter = (typeof counters)[number];

/** How long a call to Clerk took, in ms. */
export const clerkLatency = 'ClerkLatency';

/** The namespace of all metrics, and the two dimensions that each has. */
export const metricNamespace = 'SatoriKeys';

/** Where the service counts what it does. */
export interface Metrics {
  count(name: Counter, by?: number): void;
  /** @param milliseconds that one call to Clerk took. */
  clerkTook(milliseconds: number): void;
  /**
   * What was recorded since the last time, as members of a log line, out of which CloudWatch makes metrics:
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
   * The dimension `service` is the line's own. One line a request tells both, so that each number leads to its request.
   */
  take(): Readonly<Record<string, unknown>>;
}

/** Metrics of a stage, by its name. Requests that run beside each other in one process share what is taken. */
export function createMetrics(stage: string): Metrics {
  const embedded = new EmbeddedMetrics({
    namespace: metricNamespace,
    serviceName: 'satori-keys',
    defaultDimensions: { stage },
  });
  return {
    count: (name, by = 1) => void embedded.addMetric(name, MetricUnit.Count, by),
    clerkTook: (milliseconds) =>
      void embedded.addMetric(clerkLatency, MetricUnit.Milliseconds, Math.round(milliseconds)),
    take: () => {
      if (!embedded.hasStoredMetrics()) return {};
      const { service: _inEachLine, ...members } = embedded.serializeMetrics();
      embedded.clearMetrics();
      return members;
    },
  };
}
