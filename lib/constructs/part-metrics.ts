import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { activeKeysByUser } from './keys-table';

const period = Duration.minutes(5);

/**
 * How often the table or its index refused a call for its rate, in five minutes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
export function throttleEvents(table: ITableV2): IMetric {
  const event = (metricName: string, dimensionsMap: Record<string, string>) =>
    new Metric({ namespace: 'AWS/DynamoDB', metricName, dimensionsMap, statistic: Stats.SUM, period });
  const { tableName: TableName } = table;
  const ofIndex = { TableName, GlobalSecondaryIndexName: activeKeysByUser };
  return new MathExpression({
    label: 'Throttled',
    // Parts that were never throttled have no data.
    expression: 'FILL(reads, 0) + FILL(writes, 0) + FILL(indexReads, 0) + FILL(indexWrites, 0)',
    usingMetrics: {
      reads: event('ReadThrottleEvents', { TableName }),
      writes: event('WriteThrottleEvents', { TableName }),
      indexReads: event('ReadThrottleEvents', ofIndex),
      indexWrites: event('WriteThrottleEvents', ofIndex),
    },
    period,
  });
}

/** The percentage that some of all are, where there are at least three: one failure of two requests is no trend. */
export function share(label: string, some: IMetric, all: IMetric): IMetric {
  return new MathExpression({
    label,
    expression: 'IF(FILL(some, 0) >= 3, 100 * some / all, 0)',
    usingMetrics: { some, all },
    period,
  });
}

/** Several counts as one. */
export function sum(label: string, counts: Readonly<Record<string, IMetric>>): IMetric {
  const terms = Object.keys(counts).map((name) => `FILL(${name}, 0)`);
  return new MathExpression({ label, expression: terms.join(' + '), usingMetrics: { ...counts }, period });
}
