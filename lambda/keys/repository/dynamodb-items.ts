import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** What our items hold: text, and numbers for what is counted. */
export type Values = Readonly<Record<string, string | number | undefined>>;

/** An item, or the values of an expression, as DynamoDB wants them; what is undefined is left out. */
export function toAttributes(values: Values): Record<string, AttributeValue> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [
      name,
      typeof value === 'number' ? { N: String(value) } : { S: String(value) },
    ]),
  );
}

/** An item as DynamoDB gave it. */
export function fromAttributes(item: Readonly<Record<string, AttributeValue>>): Values {
  return Object.fromEntries(
    Object.entries(item).map(([name, { S, N }]) => [name, N === undefined ? S : Number(N)]),
  );
}
