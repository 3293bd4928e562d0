import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clerkLatency, counters, metricNamespace } from '../../lambda/shared/metric-names';
import { resolve } from '../../local/template';
import { alarmTopicArn, authorizerTemplate, type Properties, propertiesIn, templateOf } from '../support/stage-stacks';

const prod = templateOf('prod');
const root = join(__dirname, '..', '..');

interface NamedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: string[];
}

/** The metrics of AWS services that this project uses, from the pages that document them. */
const ofAws: Record<string, { readonly names: string[]; readonly dimensions: string[][] }> = {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
  'AWS/ApiGateway': { names: ['4xx', '5xx', 'Count', 'Latency'], dimensions: [['ApiId']] },
  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
  'AWS/Lambda': {
    names: ['Errors', 'Throttles', 'Duration', 'IteratorAge'],
    dimensions: [['FunctionName', 'Resource']],
  },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
  'AWS/SQS': { names: ['ApproximateNumberOfMessagesVisible'], dimensions: [['QueueName']] },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
  'AWS/DynamoDB': {
    names: ['ReadThrottleEvents', 'WriteThrottleEvents', 'ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'],
    dimensions: [['TableName'], ['GlobalSecondaryIndexName', 'TableName']],
  },
};

/** The metrics of an alarm: its single metric, or the metrics of its expression. */
function metricsOfAlarm({ Namespace, MetricName, Dimensions, Metrics = [] }: Properties): NamedMetric[] {
  if (MetricName) return [named(Namespace, MetricName, Dimensions)];
  return Metrics.flatMap(({ MetricStat }: Properties) =>
    MetricStat ? [named(MetricStat.Metric.Namespace, MetricStat.Metric.MetricName, MetricStat.Metric.Dimensions)] : [],
  );
}

function named(namespace = '', name = '', dimensions: { Name: string }[] = []): NamedMetric {
  return { namespace, name, dimensions: dimensions.map(({ Name }) => Name).sort() };
}

interface Widget {
  readonly type: string;
  readonly properties: { readonly title: string; readonly metrics?: unknown[][]; readonly alarms?: string[] };
}

/** The widgets of the dashboard, as CloudWatch reads them. */
function widgets(): Widget[] {
  const [dashboard, ...more] = propertiesIn(prod, 'AWS::CloudWatch::Dashboard');
  expect(more).toEqual([]);
  // A reference with quotes in its value would break the JSON.
  const body = resolve(prod.toJSON() as never, dashboard?.DashboardBody);
  return JSON.parse(String(body)).widgets;
}

/** A metric is [namespace, name, dimension, value, …, options?]. A dot repeats the value above; an object is an expression. */
function metricsOfWidget({ properties }: Widget): NamedMetric[] {
  let above: unknown[] = [];
  return (properties.metrics ?? []).flatMap((entry) => {
    if (typeof entry[0] === 'object') return [];
    const full = entry.map((part, place) => (part === '.' ? above[place] : part));
    above = full;
    const [namespace, name, ...rest] = full.filter((part) => typeof part === 'string') as string[];
    return [
      { namespace: namespace ?? '', name: name ?? '', dimensions: rest.filter((_part, i) => i % 2 === 0).sort() },
    ];
  });
}

function isEmitted({ namespace, name, dimensions }: NamedMetric): boolean {
  if (namespace === metricNamespace) {
    return [...counters, clerkLatency].includes(name as never) && dimensions.join() === 'service,stage';
  }
  const known = ofAws[namespace];
  return known?.names.includes(name) === true && known.dimensions.some((set) => set.join() === dimensions.join());
}

const alarms = propertiesIn(prod, 'AWS::CloudWatch::Alarm');
/** An authorizer is part of somebody else's stack, and so are its alarms. */
const ofAuthorizer = propertiesIn(authorizerTemplate(), 'AWS::CloudWatch::Alarm');
const composites = propertiesIn(prod, 'AWS::CloudWatch::CompositeAlarm');

describe('the alarms', () => {
  it.each([...alarms, ...ofAuthorizer].map((alarm): [string, Properties] => [alarm.AlarmName, alarm]))(
    '%s uses emitted metrics',
    (_name, alarm) => {
      const metrics = metricsOfAlarm(alarm);
      expect(metrics.length).toBeGreaterThan(0);
      expect(metrics.filter((metric) => !isEmitted(metric))).toEqual([]);
    },
  );

  it.each(
    [...alarms, ...composites, ...ofAuthorizer].map(({ AlarmName, AlarmDescription }) => [AlarmName, AlarmDescription]),
  )('%s has a reason and a link to its section of the runbook', (name, description) => {
    const [, reason, url, anchor] = /^(.+\.) What to do: (https:\S+)#([a-z-]+)$/.exec(description) ?? [];
    expect(reason?.length).toBeGreaterThan(40);
    expect(url).toMatch(/\/docs\/operations\.md$/);
    expect(name).toContain(anchor);
    // Anchors are the headings in lower case, with hyphens for spaces.
    const headings = readFileSync(join(root, 'docs/operations.md'), 'utf8').match(/^#{2,4} .+$/gm) ?? [];
    const anchors = headings.map((heading) => heading.replace(/^#+ /, '').toLowerCase().replaceAll(' ', '-'));
    expect(anchors).toContain(anchor);
    // CloudFormation supports only ASCII in descriptions.
    expect(description).toMatch(/^[\x20-\x7e]+$/);
  });

  it('start at these values, for this many periods of five minutes', () => {
    const rules = [...alarms, ...ofAuthorizer].map((alarm) => [
      alarm.AlarmName.replace(/^(satori-keys-prod|authorizer-Keys-\w{8})-/, ''),
      alarm.Threshold,
      alarm.EvaluationPeriods,
    ]);
    expect(rules.sort()).toEqual([
      ['authorizer-errors', 3, 1],
      ['authorizer-throttles', 1, 1],
      ['clerk-errors', 10, 1],
      ['clerk-limited', 10, 1],
      ['clerk-secret', 1, 1],
      ['clerk-secret-changed', 1, 1],
      ['client-errors', 50, 1],
      ['comparison-stopped', 1, 1],
      ['denied-verifications-many', 100, 2],
      ['denied-verifications-unusual', undefined, 2],
      ['events-failed', 1, 1],
      ['events-late', 600_000, 2],
      ['function-errors', 1, 1],
      ['function-throttles', 1, 1],
      ['internal-errors', 1, 1],
      ['latency', 3_000, 3],
      ['limited-requests', 1_000, 2],
      ['maintenance-failed', 1, 1],
      ['maintenance-missing', 1, 36],
      ['missing-at-clerk', 1, 1],
      ['refused-sessions', 20, 1],
      ['request-flood', 150_000, 1],
      ['revoked-at-clerk', 1, 1],
      ['server-error-count', 25, 1],
      ['server-errors', 5, 1],
      ['table-throttles', 10, 1],
      ['webhook-deliveries', 2, 1],
    ]);
    const withThreshold = [...alarms, ...ofAuthorizer].filter(({ Threshold }) => Threshold !== undefined);
    for (const alarm of withThreshold) {
      // A run that does not happen writes no metric.
      const [comparison, missing] = alarm.AlarmName.endsWith('-maintenance-missing')
        ? ['LessThanThreshold', 'breaching']
        : ['GreaterThanOrEqualToThreshold', 'notBreaching'];
      expect(alarm).toMatchObject({ ComparisonOperator: comparison, TreatMissingData: missing });
      const periods = [alarm.Period, ...(alarm.Metrics ?? []).map((metric: Properties) => metric.MetricStat?.Period)];
      expect(new Set(periods.filter(Boolean))).toEqual(new Set([300]));
    }
  });

  it('of an authorizer are for its errors and throttles, and notify the given topic', () => {
    // With the names of stack and construct and a hash, because an account can have several authorizers.
    const [errors, throttles] = ofAuthorizer.map(({ AlarmName }) => AlarmName);
    expect(errors).toMatch(/^authorizer-Keys-[0-9A-F]{8}-authorizer-errors$/);
    expect(throttles).toMatch(/^authorizer-Keys-[0-9A-F]{8}-authorizer-throttles$/);
    expect(ofAuthorizer.map(({ MetricName }) => MetricName)).toEqual(['Errors', 'Throttles']);
    for (const { AlarmActions, OKActions } of ofAuthorizer) {
      expect([AlarmActions, OKActions]).toEqual([[alarmTopicArn], [alarmTopicArn]]);
    }
  });

  it('count server errors too, because a share is diluted by other traffic', () => {
    const watches = (name: string) =>
      alarms.filter((alarm) => metricsOfAlarm(alarm).some((metric) => metric.name === name));
    expect(watches('5xx').map(({ MetricName }) => MetricName === '5xx')).toEqual([false, true]);
  });

  it('notify at their start and end, except the two parts of the composite alarm', () => {
    const silent = [...alarms, ...composites].filter(({ AlarmActions }) => !AlarmActions);
    expect(silent.map(({ AlarmName }) => AlarmName).sort()).toEqual([
      'satori-keys-prod-denied-verifications-many',
      'satori-keys-prod-denied-verifications-unusual',
    ]);
    for (const { AlarmActions, OKActions } of [...alarms, ...composites]) expect(OKActions).toEqual(AlarmActions);
  });
});

describe('the dashboard', () => {
  const graphs = widgets().filter(({ type }) => type === 'metric');

  it.each(graphs.map((widget): [string, Widget] => [widget.properties.title, widget]))(
    '“%s” shows emitted metrics',
    (_title, widget) => {
      const metrics = metricsOfWidget(widget);
      expect(metrics.length).toBeGreaterThan(0);
      expect(metrics.filter((metric) => !isEmitted(metric))).toEqual([]);
    },
  );

  it('shows every metric of the service', () => {
    const shown = graphs.flatMap(metricsOfWidget).filter(({ namespace }) => namespace === metricNamespace);
    expect([...new Set(shown.map(({ name }) => name))].sort()).toEqual([...counters, clerkLatency].sort());
  });

  it('starts with all alarms that notify', () => {
    const [first] = widgets();
    expect(first?.type).toBe('alarm');
    const notifying = [...alarms, ...composites].filter(({ AlarmActions }) => AlarmActions);
    expect(first?.properties.alarms).toHaveLength(notifying.length);
  });
});

describe('the saved queries', () => {
  const queries = propertiesIn(prod, 'AWS::Logs::QueryDefinition');

  it('use only fields and messages that the function logs', () => {
    const files = readdirSync(join(root, 'lambda'), { recursive: true, encoding: 'utf8' });
    const sources = files.filter((file) => file.endsWith('.ts'));
    const code = sources.map((file) => readFileSync(join(root, 'lambda', file), 'utf8')).join();
    const quoted = queries.flatMap(({ QueryString }) => [...QueryString.matchAll(/'([a-zA-Z.-]+)'/g)]);
    const words = quoted.map((match) => match[1] ?? '').filter((word) => word !== 'p');
    expect(words.length).toBeGreaterThanOrEqual(8);
    expect(words.filter((word) => !code.includes(`'${word}'`))).toEqual([]);
  });

  it('are in the stage’s folder and read the function’s log', () => {
    expect(queries.length).toBeGreaterThanOrEqual(5);
    for (const { Name, LogGroupNames } of queries) {
      expect(Name).toMatch(/^satori-keys-prod\/[A-Z]/);
      expect(LogGroupNames).toEqual([{ Ref: expect.stringMatching(/^KeysApiFunctionLogs/) }]);
    }
  });
});
