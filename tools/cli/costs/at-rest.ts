import { Annotations } from 'aws-cdk-lib';
import { counters } from '../../../lambda/shared/metrics';
import { synthesize } from '../../../local/synthesize';
import { resourcesOf, type Template } from '../../../local/template';
import { costOf, type PriceName } from './prices';
import { bytesOf, indexedRecord, memoryGb, sampleRecord, secondsPerMonth } from './usage';

/** The counters, and how long Clerk took. */
const serviceMetrics = counters.length + 1;

/** What a stage has that costs by the month, as its template says. */
export interface Holdings {
  readonly secrets: number;
  /** Metrics that alarms watch, which is what is billed. */
  readonly alarmMetrics: number;
  readonly compositeAlarms: number;
  readonly dashboards: number;
  readonly provisioned: number;
  readonly regions: number;
}

/** The part of CloudFormation's alarm that decides how it is billed. */
interface AlarmProperties {
  readonly Metrics?: readonly { readonly MetricStat?: object; readonly Expression?: string }[];
}

/** An alarm on an expression is billed for each metric in it, one on an expected band for the band's two edges too. */
export function alarmMetricsOf({ Metrics }: AlarmProperties): number {
  if (!Metrics) return 1;
  const watched = Metrics.filter(({ MetricStat }) => MetricStat).length;
  const hasBand = Metrics.some(({ Expression }) => Expression?.includes('ANOMALY_DETECTION_BAND'));
  return watched + (hasBand ? 2 : 0);
}

/** What a stage has, by its template. */
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

/** What the named stage has, in the stack as it is now. */
export function holdingsOfStage(stageName: string): Holdings {
  const { template, remove } = synthesize(stageName, {
    bundle: false,
    // Samples change nothing about what a stage costs.
    customize: (stack) => Annotations.of(stack).acknowledgeWarning('satori-keys:sample'),
  });
  remove();
  return holdingsOf(template);
}

/** A line of a monthly bill, in USD. */
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

/** What a stage costs a month while nobody calls. */
export function idleCosts(held: Holdings): Line[] {
  const readyGbSeconds = held.provisioned * memoryGb * secondsPerMonth;
  return [
    line('secret', 'secret', held.secrets),
    line('metrics that alarms watch', 'alarmMetric', held.alarmMetrics),
    line('composite alarms', 'compositeAlarm', held.compositeAlarms),
    line('dashboards', 'dashboard', held.dashboards),
    {
      what: 'functions kept ready',
      count: held.provisioned,
      usd: costOf('lambdaProvisioned', readyGbSeconds),
    },
  ];
}

/** What a month costs on top: metrics that are written in each of its hours, and a million keys stored. */
export function useCosts(held: Holdings): Line[] {
  const { tableGb, indexGb } = storageOf(1_000_000);
  const perRegion = costOf('tableStorage', tableGb + indexGb) + costOf('recovery', tableGb);
  return [
    line('metrics of the service', 'metric', serviceMetrics),
    { what: 'a million keys, in each Region', count: held.regions, usd: held.regions * perRegion },
  ];
}

/** Each item takes 100 bytes more than it has, in the table and again in the index. */
function storageOf(keys: number): { tableGb: number; indexGb: number } {
  const gb = (bytes: number) => (keys * (bytes + 100)) / 1024 ** 3;
  return { tableGb: gb(bytesOf(sampleRecord)), indexGb: gb(bytesOf(indexedRecord)) };
}
