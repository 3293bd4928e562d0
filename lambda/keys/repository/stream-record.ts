import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import type { KeyItem } from './items';
import { keyPrimaryKey, partitionKey, sortKey } from './primary-keys';
import { parseKey } from './stored-key';

const image = z.optional(z.custom<Record<string, AttributeValue>>((value) => typeof value === 'object'));

/** The members of a record of the keys table's stream that are read, as Lambda passes it. */
export const streamRecord = z.object({
  dynamodb: z.object({
    SequenceNumber: z.string(),
    /** In seconds since 1970. */
    ApproximateCreationDateTime: z.number(),
    OldImage: image,
    NewImage: image,
  }),
});
export type StreamRecord = z.infer<typeof streamRecord>;

/** A write that stored or changed a key. */
export interface KeyChange {
  /** Undefined if the write stored the key. */
  readonly before: KeyItem | undefined;
  readonly after: KeyItem;
}

/** Matches the records of writes of keys and tombstones, as an event source mapping filters them. */
export const keyRecordPattern = {
  eventName: ['INSERT', 'MODIFY'],
  dynamodb: { Keys: { [sortKey]: { S: [keyPrimaryKey('').sk] } } },
};

/**
 * The change of a key in a record.
 * @returns undefined for a removal, and for a change of another item, such as a tombstone.
 * @throws Unexpected for a key that cannot be parsed.
 */
export function keyChangeIn({ dynamodb: { OldImage, NewImage } }: StreamRecord): KeyChange | undefined {
  const after = NewImage && keyIn(NewImage);
  return after && { before: OldImage && keyIn(OldImage), after };
}

function keyIn(stored: Record<string, AttributeValue>): KeyItem | undefined {
  const item = unmarshall(stored);
  const isKey = item[sortKey] === keyPrimaryKey('').sk && String(item[partitionKey]).startsWith(keyPrimaryKey('').pk);
  return isKey && item.secretDigest !== undefined ? parseKey(item) : undefined;
}
