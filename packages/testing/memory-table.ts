import type { Change, Condition } from '../../lambda/keys/repository/expressions';
import type { PrimaryKey } from '../../lambda/keys/repository/primary-keys';
import { ConditionFailed, type Item, type ItemStore } from '../../lambda/keys/repository/table';
import { DependencyUnavailable } from '../../lambda/shared/errors';

/**
 * A table in memory that behaves as {@link Table} does in DynamoDB. It takes items as the repositories write them: it
 * checks no types and no sizes.
 */
export class MemoryTable implements ItemStore {
  readonly name = 'memory';
  private readonly items = new Map<string, Item>();
  private readonly failing = new Set<string>();

  /** From now on calls for the item fail, as if DynamoDB did not answer. */
  failFor(key: PrimaryKey): void {
    this.failing.add(addressOf(key));
  }

  async get(key: PrimaryKey): Promise<Item | undefined> {
    const item = this.items.get(this.reach(key));
    return item && structuredClone(item);
  }

  async getAll(keys: readonly PrimaryKey[]): Promise<Item[]> {
    const items = await Promise.all(keys.map((key) => this.get(key)));
    return items.filter((item) => item !== undefined);
  }

  async *query(
    partition: string,
    { prefix = '', newestFirst = false, after }: Parameters<ItemStore['query']>[1],
  ): AsyncGenerator<Item[]> {
    const order = newestFirst ? -1 : 1;
    const sorted = [...this.items.values()]
      .filter(({ pk, sk }) => pk === partition && String(sk).startsWith(prefix))
      .sort((a, b) => (String(a.sk) < String(b.sk) ? -order : order));
    const start = after ? sorted.findIndex(({ sk }) => sk === after.sk) + 1 : 0;
    yield structuredClone(sorted.slice(start));
  }

  async put(key: PrimaryKey, item: object): Promise<void> {
    this.items.set(this.reach(key), structuredClone(defined({ ...key, ...item })));
  }

  async putNew(key: PrimaryKey, item: object): Promise<void> {
    const stored = await this.get(key);
    if (stored) throw new ConditionFailed(stored);
    await this.put(key, item);
  }

  async update<T>(key: PrimaryKey, change: Change<T>, condition: Condition<T> | undefined): Promise<Item> {
    const address = this.reach(key);
    const stored = this.items.get(address);
    if (condition && !holds(condition, stored ?? {})) throw new ConditionFailed(stored && structuredClone(stored));
    const updated: Item = { ...stored, ...key, ...defined({ ...change.set }) };
    for (const [name, value] of Object.entries(change.setIfAbsent ?? {})) updated[name] = stored?.[name] ?? value;
    for (const [name, by] of Object.entries(change.add ?? {})) updated[name] = Number(stored?.[name] ?? 0) + Number(by);
    for (const name of change.remove ?? []) delete updated[name];
    this.items.set(address, defined(updated));
    return structuredClone(defined(updated));
  }

  async remove(key: PrimaryKey): Promise<void> {
    this.items.delete(this.reach(key));
  }

  /** @throws DependencyUnavailable if calls for the item fail. */
  private reach(key: PrimaryKey): string {
    const address = addressOf(key);
    if (this.failing.has(address)) throw new DependencyUnavailable('dynamodb', 'test');
    return address;
  }
}

const addressOf = ({ pk, sk }: PrimaryKey): string => JSON.stringify([pk, sk]);

const defined = (item: object): Item =>
  Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined));

/** Whether a condition is true for an item. A comparison with an attribute that is absent is false. */
function holds<T>(condition: Condition<T>, item: Item): boolean {
  const [operator, ...operands] = condition as readonly [string, ...unknown[]];
  if (operator === 'and') return (operands as Condition<T>[]).every((part) => holds(part, item));
  if (operator === 'or') return (operands as Condition<T>[]).some((part) => holds(part, item));
  const [name, operand] = operands as [string, unknown];
  const value = item[name];
  if (operator === 'absent' || operator === 'present') return (value === undefined) === (operator === 'absent');
  if (typeof value !== typeof operand) return false;
  if (operator === '=') return value === operand;
  const [left, right] = [value, operand] as [number, number];
  if (operator === '<') return left < right;
  return operator === '<=' ? left <= right : left > right;
}
