import {
  Alarm,
  type AlarmBase,
  AlarmRule,
  AnomalyDetectionAlarm,
  ComparisonOperator,
  CompositeAlarm,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** An alarm: its metric, its threshold and its meaning. */
export interface AlarmRuleSpec {
  /** In lower case with hyphens. It is part of the alarm's name and a heading in docs/operations.md. */
  readonly name: string;
  readonly metric: IMetric;
  /** The alarm starts when the metric is at or above this value. */
  readonly threshold: number;
  /** The alarm starts when the metric is below the threshold, or has no data. */
  readonly whenBelow?: boolean;
  /** The number of consecutive periods at or above the threshold. Default: 1. */
  readonly periods?: number;
  /** What the alarm means, in one sentence. It becomes part of the alarm's description. */
  readonly reason: string;
}

export interface AlarmsProps {
  /** The prefix of the alarm names. */
  readonly prefix: string;
  /** The URL of docs/operations.md. */
  readonly runbookUrl: string;
  /** Default: the alarms notify nobody. */
  readonly topic?: ITopic | undefined;
}

/** Alarms that notify one topic. Each description links to a section of the runbook. */
export class Alarms extends Construct {
  readonly all: AlarmBase[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlarmsProps,
  ) {
    super(scope, id);
  }

  /** Adds an alarm with a fixed threshold. */
  add(rule: AlarmRuleSpec): Alarm {
    return this.notify(this.create(rule));
  }

  /** Adds an alarm for a count that is at or above the threshold and far above its expected value. */
  addUnusual(rule: AlarmRuleSpec): void {
    const many = this.create({ ...rule, name: `${rule.name}-many` });
    const unusual = new AnomalyDetectionAlarm(this, `${rule.name}-unusual`, {
      ...this.texts({ ...rule, name: `${rule.name}-unusual` }),
      metric: rule.metric,
      // A wide band: normal variation must not start the alarm.
      stdDevs: 5,
      comparisonOperator: ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD,
      evaluationPeriods: rule.periods ?? 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const both = new CompositeAlarm(this, rule.name, {
      compositeAlarmName: `${this.props.prefix}-${rule.name}`,
      alarmDescription: this.texts(rule).alarmDescription,
      alarmRule: AlarmRule.allOf(many, unusual),
    });
    this.notify(both);
  }

  private create(rule: AlarmRuleSpec): Alarm {
    return new Alarm(this, rule.name, {
      ...this.texts(rule),
      metric: rule.metric,
      threshold: rule.threshold,
      comparisonOperator: rule.whenBelow
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: rule.periods ?? 1,
      // No data means no requests, so nothing failed.
      treatMissingData: rule.whenBelow ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      evaluateLowSampleCountPercentile: 'ignore',
    });
  }

  private texts({ name, reason }: AlarmRuleSpec) {
    const { prefix, runbookUrl } = this.props;
    return {
      alarmName: `${prefix}-${name}`,
      alarmDescription: `${reason} What to do: ${runbookUrl}#${name.replace(/-(many|unusual)$/, '')}`,
    };
  }

  private notify<T extends AlarmBase>(alarm: T): T {
    if (this.props.topic) {
      const action = new SnsAction(this.props.topic);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
    this.all.push(alarm);
    return alarm;
  }
}
