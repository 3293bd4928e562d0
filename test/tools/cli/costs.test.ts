import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesize } from '../../../local/synthesize';
import { theResource } from '../../../local/template';
import { alarmMetricsOf, holdingsOf, idleCosts } from '../../../tools/cli/costs/at-rest';
import { costTables, withTables } from '../../../tools/cli/costs/cost-tables';
import { prices } from '../../../tools/cli/costs/prices';
import {
  bytesOf,
  costsOf,
  indexedRecord,
  operations,
  sampleRecord,
  tracedShare,
  writeCosts,
} from '../../../tools/cli/costs/usage';

jest.spyOn(console, 'error').mockImplementation(() => {});
const { template, remove } = synthesize('prod', { bundle: false });
remove();

describe('docs/costs.md', () => {
  it('has the tables that npm run costs prints; npm run costs -- --write puts them in', () => {
    const document = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'costs.md'), 'utf8');
    expect(document).toBe(withTables(document, costTables()));
  });

  it('keeps what stands around the tables', () => {
    const document = 'Before\n<!-- npm run costs -->\nold\n<!-- /npm run costs -->\nAfter\n';
    expect(withTables(document, 'new')).toBe(
      'Before\n<!-- npm run costs -->\n\nnew\n\n<!-- /npm run costs -->\nAfter\n',
    );
    expect(() => withTables('No place for tables', 'new')).toThrow('docs/costs.md lacks');
  });
});

describe('what a million requests cost', () => {
  it('is for creates the sum that paper and pencil find', () => {
    const costs = costsOf(operations.create, 1_000_000);
    expect(costs).toEqual({
      'API Gateway': 1,
      // 0.20, and 300,000 seconds of 1 GB.
      Lambda: expect.closeTo(0.2 + 4.00002, 6),
      // One write of the table and one of its index.
      DynamoDB: expect.closeTo(1.25, 6),
      // 700 + 26 and 400 + 26 bytes: 1.072884 GB.
      'logs, taken in': expect.closeTo(0.536442, 6),
      'logs, kept a year': expect.closeTo(0.386451, 5),
      // Of 100 a second the first and 5 in 100 of the other 99.
      'X-Ray': expect.closeTo(0.2975, 6),
      // 300,000 seconds have 1,000 times 5 minutes.
      'Secrets Manager': expect.closeTo(0.005, 6),
      // 2 GB, in which AWS sees 1.862645.
      'data out': expect.closeTo(0.167638, 6),
      Clerk: 1000,
    });
  });

  it('is for verifications a write each, and one more of table and index for each window that opens', () => {
    expect(costsOf(operations.whoami, 1_000_000).DynamoDB).toBeCloseTo(0.6875 + 0.0625, 6);
  });

  it('has in three Regions every write three times', () => {
    expect(writeCosts(operations.create, 1_000_000, 1)).toBeCloseTo(1.25, 6);
    expect(writeCosts(operations.create, 1_000_000, 3)).toBeCloseTo(3.75, 6);
  });

  it('traces all requests of a quiet function and few of a busy one', () => {
    expect([0.1, 1, 10, 1000].map(tracedShare)).toEqual([1, 1, 0.145, expect.closeTo(0.05095, 6)]);
  });
});

describe('what the counts take for granted', () => {
  it('holds for the largest record: it is one unit to write', () => {
    const largest = { ...sampleRecord, name: '\u{1F511}'.repeat(100), revokedAt: '2024-01-15T10:30:00.000Z' };
    expect(bytesOf(largest)).toBe(777);
  });

  it('holds for the index: it has what changes once a window, and not what changes at each use', () => {
    const { Properties: table } = theResource(template, 'AWS::DynamoDB::GlobalTable');
    const [index] = table.GlobalSecondaryIndexes;
    const projected = [
      ...[...table.KeySchema, ...index.KeySchema].map(({ AttributeName }) => AttributeName),
      ...index.Projection.NonKeyAttributes,
    ];
    expect(projected.filter((name) => name !== 'revokedAt').sort()).toEqual(
      Object.keys(indexedRecord).sort(),
    );
    expect(projected).toContain('lastUsedAt');
    expect(projected).not.toContain('uses');
  });

  it('holds for the function: its memory, its processor, and no log line of Lambda’s own', () => {
    expect(theResource(template, 'AWS::Lambda::Function').Properties).toMatchObject({
      MemorySize: 1024,
      Architectures: ['arm64'],
      LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN' },
      TracingConfig: { Mode: 'Active' },
    });
  });
});

describe('what a stage holds', () => {
  it('is counted in its template', () => {
    const resource = (Type: string, Properties = {}) => ({ Type, Properties });
    const alarm = { Metrics: [{ Expression: 'a / b' }, { MetricStat: {} }, { MetricStat: {} }] };
    const Resources = {
      secret: resource('AWS::SecretsManager::Secret'),
      alarm: resource('AWS::CloudWatch::Alarm'),
      ratio: resource('AWS::CloudWatch::Alarm', alarm),
      any: resource('AWS::CloudWatch::CompositeAlarm'),
      dashboard: resource('AWS::CloudWatch::Dashboard'),
      live: resource('AWS::Lambda::Alias', {
        ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 5 },
      }),
      table: resource('AWS::DynamoDB::GlobalTable', { Replicas: [{}, {}, {}] }),
    };
    expect(holdingsOf({ Resources })).toEqual({
      secrets: 1,
      alarmMetrics: 3,
      compositeAlarms: 1,
      dashboards: 1,
      provisioned: 5,
      regions: 3,
    });
  });

  it('is billed by the metrics of an alarm, the edges of an expected band among them', () => {
    const watched = { MetricStat: {} };
    expect(alarmMetricsOf({})).toBe(1);
    expect(alarmMetricsOf({ Metrics: [{ Expression: 'a / b' }, watched, watched] })).toBe(2);
    expect(alarmMetricsOf({ Metrics: [{ Expression: 'ANOMALY_DETECTION_BAND(m, 2)' }, watched] })).toBe(3);
  });

  it('costs by the month what its parts cost', () => {
    const held = {
      secrets: 1,
      alarmMetrics: 12,
      compositeAlarms: 1,
      dashboards: 1,
      provisioned: 2,
      regions: 1,
    };
    // 2 GB for 730 hours are 5,256,000 GB-seconds.
    expect(idleCosts(held).map(({ usd }) => usd)).toEqual(
      [0.4, 1.2, 0.5, 3, 17.52035].map((amount) => expect.closeTo(amount, 4)),
    );
  });
});

it('gives the README its numbers', () => {
  const readme = readFileSync(join(__dirname, '../../../README.md'), 'utf8');
  const [, create, list, , whoami, authorizer] = /^\| \*\*all\*\* \|(.+)\|$/m
    .exec(costTables())?.[0]
    .split('|')
    .slice(1)
    .map((cell) => cell.replaceAll('*', '').trim()) ?? ['', ''];
  expect(create).toBe('1,007.84');
  expect(readme).toContain(`cost ${authorizer} USD by an authorizer, ${whoami} USD through \`keys.whoami\``);
  expect(readme).toContain(`a million lists ${list} USD`);
});

it.each(Object.entries(prices))('the price %s names the page of AWS or Clerk and the day', (_, price) => {
  expect(price.source).toMatch(/^https:\/\/((aws|docs\.aws)\.amazon|clerk)\.com\//);
  expect(price.read).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(price.usd).toBeGreaterThan(0);
  expect(price.region).toBe(price.source.includes('clerk.com') ? undefined : 'us-east-1');
});
