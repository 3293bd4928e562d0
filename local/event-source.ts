import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { StoredItem } from './dynalite-server';
import type { FunctionCode } from './lambda-function';
import { contextOf } from './lambda-invocation';
import type { Resource } from './template';

/** A record of a DynamoDB stream: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly dynamodb: {
    readonly SequenceNumber: string;
    readonly ApproximateCreationDateTime: number;
    readonly Keys: StoredItem;
    readonly OldImage?: StoredItem;
    readonly NewImage?: StoredItem;
  };
}

/** The longest wait between two attempts, in ms. */
const maxWaitMs = 5_000;

/**
 * A stand-in for Lambda's event source mapping of a table's stream: it filters the records, invokes the function with
 * batches of them, and repeats a batch that fails, as the mapping's resource in the template says.
 */
export class EventSource {
  private waiting: StreamRecord[] = [];
  private working: Promise<void> = Promise.resolve();
  private isWorking = false;
  private written = 0;
  private readonly filters: unknown[];

  /** @param mapping the properties of the `AWS::Lambda::EventSourceMapping`. */
  constructor(
    private readonly mapping: Resource['Properties'],
    private readonly code: FunctionCode,
    /** The names of the attributes of the table's primary key. */
    private readonly keyNames: readonly string[],
    /** The wait before the first attempt, which is doubled with each one, in ms. */
    private readonly firstWaitMs = 100,
  ) {
    const filters = (mapping.FilterCriteria?.Filters ?? []) as { Pattern: string }[];
    this.filters = filters.map(({ Pattern }) => JSON.parse(Pattern));
  }

  /** Adds the record of a write to the stream. */
  push(before: StoredItem | undefined, after: StoredItem | undefined): void {
    const record = this.recordOf(before, after);
    if (this.filters.length > 0 && !this.filters.some((pattern) => matches(pattern, record))) return;
    this.waiting.push(record);
    if (this.isWorking) return;
    this.isWorking = true;
    this.working = this.work();
  }

  /** Waits until every record was handled. */
  async idle(): Promise<void> {
    while (this.isWorking) await this.working;
  }

  /** Ends after the batch that is being handled. Records that were not handled are lost. */
  async stop(): Promise<void> {
    this.waiting = [];
    await this.idle();
  }

  private recordOf(before: StoredItem | undefined, after: StoredItem | undefined): StreamRecord {
    const item = after ?? before ?? {};
    this.written += 1;
    return {
      eventID: randomUUID(),
      eventName: before ? (after ? 'MODIFY' : 'REMOVE') : 'INSERT',
      dynamodb: {
        SequenceNumber: String(this.written).padStart(21, '0'),
        ApproximateCreationDateTime: Math.floor(Date.now() / 1000),
        Keys: Object.fromEntries(Object.entries(item).filter(([name]) => this.keyNames.includes(name))),
        ...(before && { OldImage: before }),
        ...(after && { NewImage: after }),
      },
    };
  }

  private async work(): Promise<void> {
    for (let attempt = 0; this.waiting.length > 0; ) {
      // A moment for more records, as the polling of a stream gives it.
      await wait(attempt === 0 ? 5 : Math.min(this.firstWaitMs * 2 ** attempt, maxWaitMs));
      const batch = this.waiting.slice(0, this.mapping.BatchSize);
      const handled = batch.length === 0 ? 0 : await this.invoke(batch);
      this.waiting = this.waiting.slice(handled);
      attempt = handled === batch.length ? 0 : attempt + 1;
      if (attempt <= this.mapping.MaximumRetryAttempts) continue;
      console.error(`The record ${this.waiting[0]?.dynamodb.SequenceNumber} of the stream was given up.`);
      this.waiting = this.waiting.slice(1);
      attempt = 0;
    }
    this.isWorking = false;
  }

  /** @returns the number of records, from the start of the batch, that were handled. */
  private async invoke(batch: readonly StreamRecord[]): Promise<number> {
    try {
      const event = JSON.parse(JSON.stringify({ Records: batch }));
      const result = (await this.code.handler(event, contextOf(this.code))) as {
        batchItemFailures?: { itemIdentifier: string }[];
      } | null;
      const failed = (result?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
      const first = batch.findIndex(({ dynamodb }) => failed.includes(dynamodb.SequenceNumber));
      if (failed.length === 0) return batch.length;
      return Math.max(0, first);
    } catch (error) {
      console.error('The function of the stream failed:', error);
      return 0;
    }
  }
}

/** Whether a record has a listed value at each place of the pattern. Other filter rules are not supported. */
function matches(pattern: unknown, value: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.includes(value);
  if (typeof pattern !== 'object' || pattern === null)
    throw new Error('The local stream supports lists of values only.');
  const members = (value ?? {}) as Record<string, unknown>;
  return Object.entries(pattern).every(([name, inner]) => matches(inner, members[name]));
}
