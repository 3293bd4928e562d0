import { Annotations } from 'aws-cdk-lib';
import { counters } from '../../../lambda/shared/metric-names';
import { synthesize } from '../../../local/synthesize';
import { resourcesOf, type Template } from '../../../local/template';
import { costOf, type PriceName } from './prices';
import { bytesOf, sampleItems } from './sample-items';
import { memoryGb, secondsPerMonth } from './usage';

/** The counters, and Clerk's latency. */
const serviceMetrics = counters.length + 1;

/** What a stage has that is billed by the month, by its template. */
export interface Holdings {
  readonly secrets: number;
  /** Metrics that alarms watch: they are billed, not the alarms. */
  readonly alarmMetrics: number;
  readonly compositeAlarms: number;
  readonly dashboards: number;
  readonly provisioned: number;
  readonly regions: number;
}

/** The properties of an alarm that decide how it is billed. */
interface AlarmProperties {
  readonly Metrics?: readonly { readonly MetricStat?: object; readonly Expression?: string }[];
}

/** An alarm on an expression is billed for each metric in it; an anomaly detection alarm also for the band's two edges. */
export function alarmMetricsOf({ Metrics }: AlarmProperties): number {
  if (!Metrics) return 1;
  const watched = Metrics.filter(({ MetricStat }) => MetricStat).length;
  const hasBand = Metrics.some(({ Expression }) => Expression?.includes('ANOMALY_DETECTION_BAND'));
  return watched + (hasBand ? 2 : 0);
}

export function holdingsOf(template: Template): Holdings {
  const all = (type: string) => resourcesOf(template, type);
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  const [table] = all('AWS::DynamoDB::GlobalTable');
  return {
    secrets: all('AWS::SecretsManager::Secret').length,
    alarmMetrics: sum(all('AWS::CloudWatch::Alarm').map(({ Properties }) => alarmMetricsOf(Properties))),
    compositeAlarms: all('AWS::CloudWatch::CompositeAlarm').length,
    dashboards: all('AWS::CloudWatch::Dashboard').length,
    provisioned: sum(
      all('AWS::Lambda::Alias').map(
        ({ Properties }) => Properties.ProvisionedConcurrencyConfig?.ProvisionedConcurrentExecutions ?? 0,
      ),
    ),
    regions: table?.Properties.Replicas.length ?? 1,
  };
}

/** Synthesizes the stage and counts what it has. */
export function holdingsOfStage(stageName: string): Holdings {
  const { template, remove } = synthesize(stageName, {
    bundle: false,
    // Sample values do not change what a stage costs.
    customize: (stack) => Annotations.of(stack).acknowledgeWarning('satori-keys:sample'),
  });
  remove();
  return holdingsOf(template);
}

/** A line of a monthly bill. */
export interface Line {
  readonly what: string;
  readonly count: number;
  readonly usd: number;
}

const line = (what: string, name: PriceName, count: number): Line => ({
  what,
  count,
  usd: costOf(name, count),
});

/** What a stage costs a month without any request. */
export function idleCosts(held: Holdings): Line[] {
  const readyGbSeconds = held.provisioned * memoryGb * secondsPerMonth;
  return [
    line('secrets', 'secret', held.secrets),
    line('metrics that alarms watch', 'alarmMetric', held.alarmMetrics),
    line('composite alarms', 'compositeAlarm', held.compositeAlarms),
    line('dashboards', 'dashboard', held.dashboards),
    {
      what: 'provisioned concurrency',
      count: held.provisioned,
      usd: costOf('lambdaProvisioned', readyGbSeconds),
    },
  ];
}

/** What a month of use costs in addition: metrics that are written in every hour, and a million stored keys. */
export function useCosts(held: Holdings): Line[] {
  const { keysGb, usesGb } = storageOf(1_000_000, held.regions);
  const perRegion = costOf('tableStorage', keysGb + usesGb) + costOf('recovery', keysGb);
  return [
    line('custom metrics', 'metric', serviceMetrics),
    { what: 'a million stored keys, in all Regions', count: held.regions, usd: held.regions * perRegion },
  ];
}

/** DynamoDB adds 100 bytes to each item. A use is an item of its own for each Region in which its key is verified. */
function storageOf(keys: number, regions: number): { keysGb: number; usesGb: number } {
  const gb = (item: object) => (keys * (bytesOf(item) + 100)) / 1024 ** 3;
  const { key, entry, use } = sampleItems;
  return { keysGb: gb(key) + gb(entry), usesGb: regions * gb(use) };
}
