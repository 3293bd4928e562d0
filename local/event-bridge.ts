import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { awsCredentials, type StandInCredentials } from './access';
import { type LoopbackServer, serve } from './loopback';

/** An event as a rule's target receives it, with the members that matter here. */
export interface ReceivedEvent {
  readonly 'detail-type': string;
  readonly source: string;
  readonly time: string;
  readonly detail: unknown;
}

/** An entry of a PutEvents call. */
interface Entry {
  readonly EventBusName?: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
  /** In seconds since 1970. */
  readonly Time?: number;
}

/** The number of events that are kept. */
const kept = 1_000;

export interface EventBridge extends LoopbackServer {
  /** The last 1,000 events, oldest first. */
  readonly events: readonly ReceivedEvent[];
}

/**
 * A stand-in for EventBridge that keeps the events.
 * Protocol: AWS JSON 1.1, https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 * @param buses the names of the event buses.
 * @param credentials the only ones that are accepted.
 */
export async function startEventBridge(
  buses: readonly string[],
  credentials: StandInCredentials,
): Promise<EventBridge> {
  const events: ReceivedEvent[] = [];
  const put = (entry: Entry) => {
    if (!buses.includes(entry.EventBusName ?? '')) return { ErrorCode: 'NotFound', ErrorMessage: 'No such event bus' };
    events.push({
      'detail-type': entry.DetailType,
      source: entry.Source,
      time: new Date((entry.Time ?? 0) * 1000).toISOString(),
      detail: JSON.parse(entry.Detail),
    });
    if (events.length > kept) events.shift();
    return { EventId: randomUUID() };
  };
  const server = await serve(
    async (request, response) => {
      const { Entries } = JSON.parse(await text(request)) as { Entries: Entry[] };
      const isPut = request.headers['x-amz-target'] === 'AWSEvents.PutEvents' && Entries.length <= 10;
      const entries = isPut ? Entries.map(put) : [];
      const body = isPut
        ? { FailedEntryCount: entries.filter((entry) => 'ErrorCode' in entry).length, Entries: entries }
        : { __type: 'ValidationException', message: 'The stand-in supports PutEvents with up to ten entries.' };
      response.writeHead(isPut ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    },
    0,
    awsCredentials(credentials),
  );
  return { ...server, events };
}
