// Builds DynamoDB expressions. The compiler checks the attribute names against the item's schema:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html

type Attribute<Item> = keyof Item & string;

/** The condition of a write, such as `['and', ['absent', 'revokedAt'], ['=', 'ownerId', 'user_…']]`. */
export type Condition<Item> =
  | readonly ['absent' | 'present', Attribute<Item>]
  | {
      readonly [A in Attribute<Item>]: readonly ['=' | '<' | '<=' | '>', A, NonNullable<Item[A]>];
    }[Attribute<Item>]
  | readonly ['and' | 'or', ...Condition<Item>[]];

/** The changes of an update. Undefined values are ignored. */
export interface Change<Item> {
  readonly set?: Partial<Item>;
  /** Set only where the attribute does not exist. */
  readonly setIfAbsent?: Partial<Item>;
  /** Numbers to add; an absent attribute counts as 0. */
  readonly add?: { readonly [A in Attribute<Item>]?: NonNullable<Item[A]> extends number ? number : never };
  readonly remove?: readonly Attribute<Item>[];
}

export interface UpdateExpressions {
  readonly UpdateExpression: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  /** Values by placeholder, not marshalled yet. */
  readonly values: Record<string, unknown>;
}

/**
 * The expressions of an UpdateItem call. All attribute names are placeholders, because DynamoDB reserves some words.
 */
export function updateExpressions<Item>(change: Change<Item>, condition?: Condition<Item>): UpdateExpressions {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const name = (attribute: string) => {
    names[`#${attribute}`] = attribute;
    return `#${attribute}`;
  };
  const value = (given: unknown) => {
    const placeholder = `:${Object.keys(values).length}`;
    values[placeholder] = given;
    return placeholder;
  };
  const render = (part: Condition<Item>): string => {
    if (part[0] === 'absent') return `attribute_not_exists(${name(part[1])})`;
    if (part[0] === 'present') return `attribute_exists(${name(part[1])})`;
    if (part[0] === 'and' || part[0] === 'or') {
      const [operator, ...operands] = part as readonly ['and' | 'or', ...Condition<Item>[]];
      return `(${operands.map(render).join(operator === 'and' ? ' AND ' : ' OR ')})`;
    }
    const [operator, attribute, operand] = part as readonly [string, string, unknown];
    return `${name(attribute)} ${operator} ${value(operand)}`;
  };
  const given = (of: object = {}) => Object.entries(of).filter(([, member]) => member !== undefined);
  const sets = [
    ...given(change.set).map(([attribute, to]) => `${name(attribute)} = ${value(to)}`),
    ...given(change.setIfAbsent).map(
      ([attribute, to]) => `${name(attribute)} = if_not_exists(${name(attribute)}, ${value(to)})`,
    ),
  ];
  const adds = given(change.add).map(([attribute, by]) => `${name(attribute)} ${value(by)}`);
  const removes = (change.remove ?? []).map(name);
  const clauses: [string, string[]][] = [
    ['SET', sets],
    ['ADD', adds],
    ['REMOVE', removes],
  ];
  return {
    UpdateExpression: clauses
      .filter(([, parts]) => parts.length > 0)
      .map(([verb, parts]) => `${verb} ${parts.join(', ')}`)
      .join(' '),
    ...(condition && { ConditionExpression: render(condition) }),
    ExpressionAttributeNames: names,
    values,
  };
}
