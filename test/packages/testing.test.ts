import { ConditionFailed, type ItemStore, Table } from '../../lambda/keys/repository/table';
import { Deadline } from '../../lambda/shared/deadline';
import type { LocalTables } from '../../local/dynamodb';
import { createTestKeys } from '../../packages/testing/index';
import { MemoryTable } from '../../packages/testing/memory-table';
import { startTables } from '../support/api-harness';

const soon = () => Deadline.in(5_000);

describe('keys for tests', () => {
  const keys = createTestKeys({ requestsPerMinute: 3 });

  it('are accepted with what they were created with', async () => {
    const { id, secret } = await keys.create({
      name: 'Nightly build',
      scopes: ['docs:read'],
      clerkUserId: 'user_1',
      clerkOrgId: 'org_1',
      expiresAt: '2099-01-31T00:00:00Z',
    });
    expect(secret).toMatch(/^sk_satori_test_\w{22}_\w{38}$/);
    expect(await keys.verify(secret, { scopes: ['docs:read'] })).toEqual({
      valid: true,
      key: {
        ...{ id, name: 'Nightly build', scopes: ['docs:read'] },
        ...{ clerkUserId: 'user_1', clerkOrgId: 'org_1', expiresAt: '2099-01-31T00:00:00.000Z' },
      },
    });
  });

  it('are refused as in production', async () => {
    const { headers } = await keys.create();
    expect(await keys.verify(headers, { scopes: ['docs:read'] })).toMatchObject({ code: 'INSUFFICIENT_SCOPE' });
    expect(await keys.verify(`${headers['x-api-key']}x`)).toMatchObject({ code: 'INVALID' });
    expect(await keys.verify({})).toMatchObject({ code: 'MISSING' });
    for (const refused of [keys.expired(), keys.disabled(), keys.revoked()]) {
      expect(await keys.verify((await refused).secret)).toMatchObject({ code: 'INVALID' });
    }
    expect(await keys.verify((await keys.unavailable()).secret)).toMatchObject({ code: 'UNAVAILABLE' });
    expect((await keys.verify((await keys.create()).secret)).valid).toBe(true);
  });

  it('can be revoked', async () => {
    const { id, secret } = await keys.create();
    expect((await keys.verify(secret)).valid).toBe(true);
    await keys.revoke(id);
    expect(await keys.verify(secret)).toMatchObject({ code: 'INVALID' });
    await expect(keys.revoke('no key')).rejects.toThrow('No key has the ID no key.');
  });

  it('have a limit, which one can have used up', async () => {
    const { secret } = await keys.create();
    for (let use = 0; use < 3; use += 1) expect((await keys.verify(secret)).valid).toBe(true);
    expect(await keys.verify(secret)).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 60 });
    expect(await keys.verify((await keys.limited()).secret)).toMatchObject({ code: 'RATE_LIMITED' });
  });

  it('expire, and their limit ends, with a clock that a test moves', async () => {
    const { secret: limited } = await keys.limited();
    const { secret: expiring } = await keys.create({ expiresAt: new Date(Date.now() + 90_000) });
    jest.useFakeTimers({ now: Date.now() + 61_000 });
    try {
      for (const secret of [limited, expiring]) expect((await keys.verify(secret)).valid).toBe(true);
      jest.setSystemTime(Date.now() + 30_000);
      expect(await keys.verify(expiring)).toMatchObject({ code: 'INVALID' });
    } finally {
      jest.useRealTimers();
    }
  });
});

// The same calls on a table in memory and on one in DynamoDB.
describe('the table in memory behaves as a table', () => {
  interface Sample {
    count: number;
    name: string;
    on: boolean;
    list: string[];
  }
  let local: LocalTables;
  beforeAll(async () => {
    local = await startTables();
  });
  afterAll(() => local.close());
  let partition = 0;
  beforeEach(() => {
    partition += 1;
  });
  const keyOf = (sk: string) => ({ pk: `sample ${partition}`, sk });

  /** Runs the steps on both tables, and returns what they answered. */
  async function onBoth(steps: ((table: ItemStore) => Promise<unknown>)[]): Promise<unknown[]> {
    const [real, memory] = await Promise.all(
      [new Table(local.client, local.tableName), new MemoryTable()].map(async (table) => {
        const answers: unknown[] = [];
        for (const step of steps) {
          answers.push(
            await step(table).catch((error) => {
              if (error instanceof ConditionFailed) return { failed: error.item };
              throw error;
            }),
          );
        }
        return answers;
      }),
    );
    expect(memory).toEqual(real);
    return real ?? [];
  }
  const update =
    (
      change: Parameters<typeof Table.prototype.update<Sample>>[1],
      condition?: Parameters<typeof Table.prototype.update<Sample>>[2],
    ) =>
    (table: ItemStore) =>
      table.update<Sample>(keyOf('one'), change, condition, soon());
  const get = (table: ItemStore) => table.get(keyOf('one'), soon());

  it('changes items', async () => {
    await onBoth([
      get,
      update({ add: { count: 2 } }),
      update({ add: { count: 3 }, set: { name: 'first', on: true, list: ['a'] } }),
      update({ setIfAbsent: { name: 'second', count: 1 } }),
      update({ remove: ['name', 'on'] }),
      update({ setIfAbsent: { name: 'third' }, set: { list: [] } }),
      get,
      (table) => table.remove(keyOf('one'), soon()),
      get,
      (table) => table.remove(keyOf('one'), soon()),
    ]);
  });

  it('checks conditions', async () => {
    const set = { set: { name: 'changed' } };
    const answers = await onBoth([
      update(set, ['present', 'name']),
      update({ set: { count: 5, name: 'first' } }, ['absent', 'name']),
      update(set, ['absent', 'name']),
      ...(['=', '<', '<=', '>'] as const).flatMap((operator) =>
        [4, 5, 6].map((operand) => update({ set: { on: true } }, [operator, 'count', operand])),
      ),
      update(set, ['=', 'name', 'first']),
      update(set, ['=', 'on', false]),
      update(set, ['or', ['=', 'name', 'other'], ['and', ['present', 'on'], ['>', 'count', 1]]]),
      update(set, ['and', ['present', 'on'], ['absent', 'count']]),
      (table) => table.putNew(keyOf('one'), { name: 'new' }, soon()),
      (table) => table.putNew(keyOf('two'), { name: 'new', count: undefined }, soon()),
      (table) => table.put(keyOf('two'), { name: 'newer' }, soon()),
    ]);
    expect(
      answers.filter((answer) => typeof answer === 'object' && answer !== null && 'failed' in answer),
    ).toHaveLength(12);
  });

  it('reads several items', async () => {
    const all = async (table: ItemStore, query: Parameters<ItemStore['query']>[1]) => {
      const items: unknown[] = [];
      for await (const page of table.query(keyOf('').pk, query, soon())) items.push(...page);
      return items;
    };
    await onBoth([
      ...['a#1', 'a#3', 'a#2', 'b#1'].map((sk) => (table: ItemStore) => table.put(keyOf(sk), { name: sk }, soon())),
      (table) => all(table, {}),
      (table) => all(table, { prefix: 'a#', newestFirst: true }),
      (table) => all(table, { prefix: 'a#', after: keyOf('a#1') }),
      async (table) =>
        (await table.getAll([keyOf('a#1'), keyOf('none'), keyOf('b#1')], soon())).map(({ sk }) => sk).sort(),
    ]);
  });
});
