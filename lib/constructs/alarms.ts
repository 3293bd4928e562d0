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
import { Construct } from 'constructs';
import type { AlarmTopic } from './alarm-topic';

/** When somebody is told, and why. */
export interface AlarmRuleSpec {
  /** In lower case with hyphens: the alarm's name, and its heading in docs/operations.md. */
  readonly name: string;
  readonly metric: IMetric;
  /** Rings when the metric is this or more. */
  readonly threshold: number;
  /** For so many periods of the metric in a row; 1 without it. */
  readonly periods?: number;
  /** What it means, in a sentence for somebody who was just woken up. */
  readonly reason: string;
}

export interface AlarmsProps {
  /** What the names of the alarms begin with. */
  readonly prefix: string;
  /** Where docs/operations.md is read. */
  readonly runbookUrl: string;
  readonly topic: AlarmTopic;
}

/** Alarms that go to one topic and say in their description what to do. */
export class Alarms extends Construct {
  readonly all: AlarmBase[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlarmsProps,
  ) {
    super(scope, id);
  }

  /** Rings at a number. */
  add(rule: AlarmRuleSpec): Alarm {
    return this.tell(this.create(rule));
  }

  /** Rings when a count is both at least the threshold and far above what it was at this time in two weeks before. */
  addUnusual(rule: AlarmRuleSpec): void {
    const many = this.create({ ...rule, name: `${rule.name}-many` });
    const unusual = new AnomalyDetectionAlarm(this, `${rule.name}-unusual`, {
      ...this.texts({ ...rule, name: `${rule.name}-unusual` }),
      metric: rule.metric,
      // Wide, since what is asked for is "far above": ordinary days have to stay inside.
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
    this.tell(both);
  }

  private create(rule: AlarmRuleSpec): Alarm {
    return new Alarm(this, rule.name, {
      ...this.texts(rule),
      metric: rule.metric,
      threshold: rule.threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: rule.periods ?? 1,
      // Nobody called, nothing failed.
      treatMissingData: TreatMissingData.NOT_BREACHING,
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

  private tell<T extends AlarmBase>(alarm: T): T {
    alarm.addAlarmAction(new SnsAction(this.props.topic.topic));
    alarm.addOkAction(new SnsAction(this.props.topic.topic));
    this.all.push(alarm);
    return alarm;
  }
}
