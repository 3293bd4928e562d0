// The load generator, in a process of its own.
import autocannon from 'autocannon';
import { sayReady } from '../own-process';

/** One kind of request, sent as fast as answers arrive. */
export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Sent in turns by each connection. `[unique]` in a body is replaced by another number each time. */
  readonly requests: readonly {
    readonly method: 'GET' | 'POST';
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  }[];
}

/** The result; times in ms. */
export interface LoadResult {
  readonly perSecond: number;
  readonly meanMs: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers other than 2xx, and requests without an answer. */
  readonly failed: number;
}

let sent = 0;

interface Sent {
  readonly body?: string;
}

const setupRequest = <T extends Sent>(request: T): T => {
  sent += 1;
  return { ...request, body: request.body?.replace('[unique]', String(sent)) };
};

sayReady({}, async (question) => {
  const { url, connections, seconds, requests } = question as Load;
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: requests.map((request) => (request.body ? { ...request, setupRequest } : request)),
    workers: 0,
  });
  const { latency, duration } = result;
  return {
    perSecond: result['2xx'] / duration,
    meanMs: latency.average,
    p50: latency.p50,
    p99: latency.p99,
    failed: result.errors + result.timeouts + result.non2xx,
  } satisfies LoadResult;
});
