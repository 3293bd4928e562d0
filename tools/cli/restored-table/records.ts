import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { fromAttributes } from '../../../lambda/keys/repository/dynamodb-items';
import { CommandError } from '../command-error';

/** What matters here of an item: a key's record, or the note that a user is deleted. */
export interface StoredItem {
  readonly id: string;
  readonly clerkKeyId?: string;
  readonly revokedAt?: string;
  /** On a key that is revoked here and owed to Clerk, too. */
  readonly activeUserId?: string;
  /** On the note alone, whose id is the user's. */
  readonly deletedAt?: string;
}

/**
 * All items of a table that fit, page by page.
 * @param filter of DynamoDB, as `attribute_exists(revokedAt)`.
 * @throws CommandError when the table is not there, or does not answer.
 */
export async function* itemsOf(
  client: DynamoDBClient,
  tableName: string,
  filter: string,
): AsyncGenerator<StoredItem> {
  let next: Record<string, AttributeValue> | undefined;
  do {
    const command = new ScanCommand({
      TableName: tableName,
      ConsistentRead: true,
      FilterExpression: filter,
      ProjectionExpression: 'id, clerkKeyId, revokedAt, activeUserId, deletedAt',
      ExclusiveStartKey: next,
    });
    const page = await client.send(command).catch((error) => {
      throw new CommandError(
        `The table ${tableName} could not be read (${(error as Error).name}): look whether it is of this account and Region, and that you are signed in as for cdk deploy.`,
      );
    });
    for (const item of page.Items ?? []) yield fromAttributes(item) as unknown as StoredItem;
    next = page.LastEvaluatedKey;
  } while (next);
}
