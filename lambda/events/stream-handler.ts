import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { keyChangeIn, type StreamRecord, streamRecord } from '../keys/repository/stream-record';
import { Deadline } from '../shared/deadline';
import { describeError } from '../shared/describe-error';
import type { Log } from '../shared/logger';
import type { Metrics } from '../shared/metrics';
import { type EventBus, maxEntries } from './event-bus';
import { eventsOf } from './events-of-change';
import type { KeyEvent } from './key-event';

const streamEvent = z.object({ Records: z.array(streamRecord) });

/** An event and the record that it comes from. */
interface RecordEvent {
  readonly event: KeyEvent;
  readonly sequenceNumber: string;
}

/** The record that Lambda continues with: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html */
interface StreamResult {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/** The time before Lambda's timeout that is reserved for the response, in ms. */
const marginMs = 1_000;

/**
 * Creates the handler of the keys table's stream. It sends the events of each change to the bus, the events of a key in
 * order. If an event is not accepted, Lambda repeats the batch from its record on, so each event is sent at least once.
 */
export function createStreamHandler(bus: Pick<EventBus, 'send'>, log: Log, metrics: Metrics) {
  return async (rawEvent: unknown, context: Context): Promise<StreamResult> => {
    const deadline = Deadline.in(context.getRemainingTimeInMillis() - marginMs);
    const { Records } = streamEvent.parse(rawEvent);
    const { found, unreadable } = read(Records, log);
    const notSent = (await send(found, bus, deadline, metrics)) ?? unreadable;
    if (notSent !== undefined) metrics.count('EventsNotSent');
    log.info('stream', {
      records: Records.length,
      events: found.length,
      ...(notSent !== undefined && { repeatedFrom: notSent }),
      ...deadline.waited(),
      ...metrics.take(),
    });
    return { batchItemFailures: notSent === undefined ? [] : [{ itemIdentifier: notSent }] };
  };
}

/** The events of the records up to the first that cannot be read, and the sequence number of that one. */
function read(records: readonly StreamRecord[], log: Log): { found: RecordEvent[]; unreadable: string | undefined } {
  const found: RecordEvent[] = [];
  for (const record of records) {
    const { SequenceNumber: sequenceNumber, ApproximateCreationDateTime: seconds } = record.dynamodb;
    try {
      const change = keyChangeIn(record);
      const events = change ? eventsOf(change, new Date(seconds * 1000).toISOString()) : [];
      found.push(...events.map((event) => ({ event, sequenceNumber })));
    } catch (error) {
      log.error('events.unreadable-record', { sequenceNumber, ...describeError(error) });
      return { found, unreadable: sequenceNumber };
    }
  }
  return { found, unreadable: undefined };
}

/** @returns the sequence number of the first record whose event was not accepted. */
async function send(
  found: readonly RecordEvent[],
  bus: Pick<EventBus, 'send'>,
  deadline: Deadline,
  metrics: Metrics,
): Promise<string | undefined> {
  for (const call of callsOf(found)) {
    const events = call.map(({ event }) => event);
    const failed = deadline.isOver() ? 0 : await bus.send(events, deadline);
    metrics.count('EventsSent', failed ?? call.length);
    if (failed !== undefined) return call[failed]?.sequenceNumber;
  }
  return undefined;
}

/**
 * Distributes events over calls. A call has at most one event of each key, so a call that is accepted only in part cannot
 * change the order of a key's events.
 */
function callsOf(found: readonly RecordEvent[]): RecordEvent[][] {
  const calls: RecordEvent[][] = [];
  let keys = new Set<string>();
  for (const one of found) {
    const { id } = one.event.detail.key;
    const last = calls.at(-1);
    if (last && last.length < maxEntries && !keys.has(id)) last.push(one);
    else {
      calls.push([one]);
      keys = new Set();
    }
    keys.add(id);
  }
  return calls;
}
