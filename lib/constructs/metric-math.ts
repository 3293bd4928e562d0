import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { KeysTables } from './keys-tables';

const period = Duration.minutes(5);

/**
 * The number of DynamoDB calls to both tables that were throttled, in five minutes:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
export function throttleEvents({ keys, uses }: KeysTables): IMetric {
  const event = (metricName: string, TableName: string) =>
    new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: { TableName },
      statistic: Stats.SUM,
      period,
    });
  return sum('Throttled', {
    keyReads: event('ReadThrottleEvents', keys.tableName),
    keyWrites: event('WriteThrottleEvents', keys.tableName),
    useReads: event('ReadThrottleEvents', uses.tableName),
    useWrites: event('WriteThrottleEvents', uses.tableName),
  });
}

/**
 * `some` as a percentage of `all`; 0 if `some` is below `atLeast`, so that one failure of two requests starts no alarm.
 */
export function share(label: string, some: IMetric, all: IMetric, atLeast = 3): IMetric {
  return new MathExpression({
    label,
    expression: `IF(FILL(some, 0) >= ${atLeast}, 100 * some / all, 0)`,
    usingMetrics: { some, all },
    period,
  });
}

/** `some` as a percentage of `some` and `others` together; 0 if `some` is below three. */
export function shareBeside(label: string, some: IMetric, others: IMetric): IMetric {
  return new MathExpression({
    label,
    expression: 'IF(FILL(some, 0) >= 3, 100 * some / (some + FILL(others, 0)), 0)',
    usingMetrics: { some, others },
    period,
  });
}

/** The sum of several counts. Missing data counts as 0. */
export function sum(label: string, counts: Readonly<Record<string, IMetric>>): IMetric {
  const terms = Object.keys(counts).map((name) => `FILL(${name}, 0)`);
  return new MathExpression({ label, expression: terms.join(' + '), usingMetrics: { ...counts }, period });
}
