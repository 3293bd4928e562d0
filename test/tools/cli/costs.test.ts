import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { maxDescriptionLength } from '../../../lambda/keys/input';
import { maxNameLength } from '../../../lambda/keys/name';
import { keyItem } from '../../../lambda/keys/repository/items';
import { hintOf, newSecret } from '../../../lambda/keys/secret';
import { maxScopesBytes } from '../../../lib/stages/schema';
import { synthesize } from '../../../local/synthesize';
import { resourcesOf } from '../../../local/template';
import { idleCosts, useCosts } from '../../../tools/cli/costs/at-rest';
import { costTables } from '../../../tools/cli/costs/cost-tables';
import { prices } from '../../../tools/cli/costs/prices';
import { bytesOf, readUnits, sampleItems, writeUnits } from '../../../tools/cli/costs/sample-items';
import { costsOf, operations, tracedShare } from '../../../tools/cli/costs/usage';
import { withGenerated } from '../../../tools/markdown';

const read = (file: string) => readFileSync(join(__dirname, '..', '..', '..', file), 'utf8');

it('docs/costs.md has the tables of npm run costs; npm run costs:document updates them', () => {
  const document = read('docs/costs.md');
  expect(document).toBe(withGenerated(document, 'npm run costs', costTables()));
});

describe('a million requests', () => {
  const million = 1_000_000;

  it('cost for creates what a calculation by hand finds', () => {
    expect(costsOf(operations.create, million)).toEqual({
      'API Gateway': 1,
      // 0.20, and 300,000 seconds of 1 GB.
      Lambda: expect.closeTo(0.2 + 4.00002, 6),
      // Three writes and a read.
      DynamoDB: expect.closeTo(2, 6),
      // 700 + 26 and 400 + 26 bytes: 1.072884 GB.
      'logs, ingestion': expect.closeTo(0.536442, 6),
      'logs, storage for a year': expect.closeTo(0.386451, 5),
      // Of 100 a second the first and 5% of the other 99.
      'X-Ray': expect.closeTo(0.2975, 6),
      // 300,000 seconds are 1,000 times 5 minutes.
      'Secrets Manager': expect.closeTo(0.005, 6),
      // 2,000,000,000 bytes are 1.862645 GB.
      'data out': expect.closeTo(0.167638, 6),
      Clerk: 1000,
    });
  });

  it('are all traced in a quiet function and seldom in a busy one', () => {
    expect([0.1, 1, 10, 1000].map(tracedShare)).toEqual([1, 1, 0.145, expect.closeTo(0.05095, 6)]);
  });
});

describe('the units of an item', () => {
  it('grow with each KB that is written and each 4 KB that are read', () => {
    expect([1022, 1023].map((length) => writeUnits({ pk: 'x'.repeat(length) }))).toEqual([1, 2]);
    expect([4094, 4095].map((length) => readUnits({ pk: 'x'.repeat(length) }))).toEqual([1, 2]);
    expect(bytesOf({ count: 100, clerkPending: true, name: 'ü' })).toBe(5 + 3 + 12 + 1 + 4 + 2);
  });

  it('are one for the usual key and for any use', () => {
    const { key, use } = sampleItems;
    expect([writeUnits({ ...key, revokedAt: key.createdAt, clerkPending: true }), writeUnits(use)]).toEqual([1, 1]);
  });

  it('are one read for the largest key, whose scopes synthesis limits', () => {
    const { key } = sampleItems;
    const [longest, scope] = ['\u{1F511}', 's'].map((character) => (length: number) => character.repeat(length));
    const largest = {
      ...key,
      ownerId: `user_${'x'.repeat(40)}`,
      clerkOrgId: `org_${'x'.repeat(40)}`,
      // With the longest prefix.
      hint: hintOf(newSecret('p'.repeat(32), key.id)),
      name: longest?.(maxNameLength),
      description: longest?.(maxDescriptionLength),
      scopes: [scope?.(maxScopesBytes - 1)],
      enabled: false,
      suspended: true,
      suspensionNumber: 1_000_000,
      expiryAnnouncedAt: key.createdAt,
      firstUseSeenAt: key.createdAt,
      disabledBy: 'restore',
      enabledAt: key.createdAt,
      revokedAt: key.createdAt,
      revocationReason: 'owner-deleted',
      clerkPending: true,
    };
    expect(Object.keys(largest)).toEqual(expect.arrayContaining(Object.keys(keyItem.shape)));
    expect(readUnits(largest)).toBe(1);
  });
});

describe('a stage', () => {
  const held = { secrets: 1, alarmMetrics: 12, compositeAlarms: 1, dashboards: 1, provisioned: 2, regions: 1 };

  it('has the memory, processor, log level and tracing that the model assumes', () => {
    jest.spyOn(console, 'error').mockImplementation(() => {});
    const { template, remove } = synthesize('prod', { bundle: false });
    remove();
    const functions = resourcesOf(template, 'AWS::Lambda::Function');
    expect(functions).toHaveLength(3);
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({
        MemorySize: 1024,
        Architectures: ['arm64'],
        LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN' },
        TracingConfig: { Mode: 'Active' },
      });
    }
  });

  it('costs the sum of its resources', () => {
    // 2 GB for 730 hours are 5,256,000 GB-seconds.
    expect(idleCosts(held).map(({ usd }) => usd)).toEqual(
      [0.4, 1.2, 0.5, 3, 17.52035].map((amount) => expect.closeTo(amount, 4)),
    );
    const stored = (regions: number) => useCosts({ ...held, regions })[1]?.usd;
    const { key, entry, use } = sampleItems;
    const gb = (items: object[]) => items.reduce((sum, item) => sum + bytesOf(item) + 100, 0) / 1.073741824e3;
    expect(stored(1)).toBeCloseTo(gb([key, entry]) * 0.45 + gb([use]) * 0.25, 6);
    expect(stored(3)).toBeCloseTo(3 * (gb([key, entry]) * 0.45 + 3 * gb([use]) * 0.25), 6);
  });
});

it('docs/verifying.md cites the current totals', () => {
  const perMillion = (operation: keyof typeof operations) => costsOf(operations[operation], 1_000_000);
  const total = (operation: keyof typeof operations) =>
    Object.values(perMillion(operation)).reduce((sum, cost) => sum + cost, 0);
  const [authorizer, unlimited] = ['authorizer', 'authorizer, no limit'] as const;
  const costs = [
    ...[perMillion(authorizer).DynamoDB, perMillion(unlimited).DynamoDB],
    ...[total(authorizer), total(unlimited), total('whoami')],
  ].map((usd) => usd.toFixed(2));
  const [, row = ''] = /\| USD per million \|(.+)\|/.exec(read('docs/verifying.md')) ?? [];
  expect(row.match(/\d+\.\d\d/g)).toEqual(costs);
});

it('README.md cites the current totals', () => {
  const [, totals = ''] = /^\| \*\*total\*\* \|(.+)\|$/m.exec(costTables()) ?? [];
  const costs = totals.split('|').map((cell) => cell.replaceAll('*', '').trim());
  const [list, whoami, authorizer] = ['list', 'whoami', 'authorizer'].map(
    (name) => costs[Object.keys(operations).indexOf(name)],
  );
  const sentence =
    /A million verifications cost (\S+) USD in an authorizer, (\S+) USD through `keys.whoami`, a million lists (\S+) USD/;
  const [, ...cited] = sentence.exec(read('README.md')) ?? [];
  expect(cited).toEqual([authorizer, whoami, list]);
});

it.each(Object.entries(prices))('the price %s names its source and the day', (_, price) => {
  expect(price.source).toMatch(/^https:\/\/((aws|docs\.aws)\.amazon|clerk)\.com\//);
  expect(price.read).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(price.usd).toBeGreaterThan(0);
  expect(price.region).toBe(price.source.includes('clerk.com') ? undefined : 'us-east-1');
});
