import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { signDelivery } from '../../local/clerk/webhooks';
import { type EventOptions, httpApiEvent, webhookEvent } from './http-api-events';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of the JSON.
  readonly json: any;
}

export interface CreateOptions extends EventOptions {
  readonly token?: string | undefined;
  readonly remainingMs?: number;
}

/** @param remainingMs what Lambda says is left. */
export type Send = (event: unknown, remainingMs?: number) => Promise<Answer>;

/** The calls that people, programs and Clerk make. */
export interface Calls {
  create(name: unknown, options: CreateOptions): Promise<Answer>;
  /** A query with a session token. */
  list(token: string, remainingMs?: number): Promise<Answer>;
  revoke(id: unknown, token: string, remainingMs?: number): Promise<Answer>;
  /** A query with a key; without one where it is undefined. */
  whoami(apiKey: string | undefined, remainingMs?: number): Promise<Answer>;
  /** What Clerk delivers, signed now unless said otherwise. */
  deliver(event: object, at?: number, remainingMs?: number): Promise<Answer>;
}

/** The calls, as events that `send` hands to a function. */
export function callsBy(send: Send, webhookSecret: string): Calls {
  const create: Calls['create'] = async (name, { token, remainingMs, ...options }) => {
    const body = JSON.stringify({ name });
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...options.headers,
    };
    return await send(httpApiEvent({ body, ...options, headers }), remainingMs);
  };
  const timed = (remainingMs?: number) => (remainingMs === undefined ? {} : { remainingMs });
  return {
    create,
    list: (token, ms) => create('', { token, method: 'GET', procedure: 'keys.list', ...timed(ms) }),
    revoke: (id, token, ms) =>
      create('', { token, procedure: 'keys.revoke', body: JSON.stringify({ id }), ...timed(ms) }),
    whoami: (apiKey, ms) =>
      create('', {
        method: 'GET',
        procedure: 'keys.whoami',
        ...(apiKey !== undefined && { headers: { 'x-api-key': apiKey } }),
        ...timed(ms),
      }),
    deliver: (event, at, ms) => send(webhookEvent(signDelivery(webhookSecret, event, at)), ms),
  };
}

export function toAnswer({ statusCode, headers, body }: APIGatewayProxyStructuredResultV2): Answer {
  const text = body ?? '';
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: statusCode ?? 0, headers: headers ?? {}, text, json };
}
