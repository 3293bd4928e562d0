import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Deadline } from '../shared/deadline';
import { describeError } from '../shared/describe-error';
import type { Log } from '../shared/logger';
import { eventSource, type KeyEvent } from './key-event';

/** The maximum number of events in one call: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
export const maxEntries = 10;

/** The timeout of a call with its retries, in ms. */
const callMs = 3_000;

/** An event bus of EventBridge. */
export class EventBus {
  constructor(
    private readonly client: EventBridgeClient,
    private readonly name: string,
    private readonly log: Log,
  ) {}

  /**
   * Sends up to ten events.
   * @returns the index of the first event that was not accepted; undefined if all were. Events after it may have been
   *   accepted.
   */
  async send(events: readonly KeyEvent[], deadline: Deadline): Promise<number | undefined> {
    const Entries = events.map(({ type, detail }) => ({
      EventBusName: this.name,
      Source: eventSource,
      DetailType: type,
      Detail: JSON.stringify(detail),
      Time: new Date(detail.time),
    }));
    try {
      const call = this.client.send(new PutEventsCommand({ Entries }), { abortSignal: deadline.signal(callMs) });
      const answer = await deadline.waitFor('eventBridge', call);
      if (answer.FailedEntryCount === 0) return undefined;
      const failed = Math.max(
        0,
        (answer.Entries ?? []).findIndex(({ ErrorCode }) => ErrorCode !== undefined),
      );
      this.log.warn('events.not-sent', { reason: answer.Entries?.[failed]?.ErrorCode });
      return failed;
    } catch (error) {
      this.log.warn('events.not-sent', describeError(error));
      return 0;
    }
  }
}
