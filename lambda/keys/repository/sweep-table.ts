import { DeleteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Deadline } from '../../shared/deadline';
import { type Condition, updateExpressions } from './expressions';
import type { PrimaryKey } from './primary-keys';
import { Table } from './table';
import { ConditionFailed, type Item } from './table-errors';

/** A table that can also be scanned, for the maintenance and commands of an operator. */
export class SweepTable extends Table {
  /**
   * One page of all items, in the table's own order.
   * @param after the primary key to start after. Its item does not have to exist.
   */
  async scanPage(
    after: PrimaryKey | undefined,
    limit: number,
    deadline: Deadline,
  ): Promise<{ items: Item[]; next: PrimaryKey | undefined }> {
    const command = new ScanCommand({
      TableName: this.name,
      ConsistentRead: true,
      Limit: limit,
      ExclusiveStartKey: after && marshall(after),
    });
    const page = await this.call(command, deadline, (options) => this.client.send(command, options));
    const items = (page.Items ?? []).map((item) => unmarshall(item));
    if (!page.LastEvaluatedKey) return { items, next: undefined };
    const { pk, sk } = unmarshall(page.LastEvaluatedKey);
    return { items, next: { pk: String(pk), sk: String(sk) } };
  }

  /** Removes an item on a condition. @returns whether the condition held. */
  async removeIf<T>(key: PrimaryKey, condition: Condition<T>, deadline: Deadline): Promise<boolean> {
    const { ConditionExpression, ExpressionAttributeNames, values } = updateExpressions<T>({}, condition);
    const command = new DeleteItemCommand({
      TableName: this.name,
      Key: marshall(key),
      ConditionExpression,
      ExpressionAttributeNames,
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: marshall(values) }),
    });
    try {
      await this.call(command, deadline, (options) => this.client.send(command, options));
      return true;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      return false;
    }
  }
}
