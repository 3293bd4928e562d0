import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { HttpHandler } from '../../lambda/http/http-handler';
import { signDelivery } from '../../local/clerk/webhooks';
import { type EventOptions, httpApiEvent, lambdaContext, webhookEvent } from './http-api-events';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of the JSON.
  readonly json: any;
}

export interface CreateOptions extends EventOptions {
  readonly token?: string | undefined;
  /** What Lambda says is left. */
  readonly remainingMs?: number | undefined;
}

/** The calls of the API, as events for a handler. */
export interface ApiCaller {
  send(event: unknown, remainingMs?: number): Promise<Answer>;
  create(name: unknown, options: CreateOptions): Promise<Answer>;
  /** A query with a session token. */
  list(token: string, remainingMs?: number): Promise<Answer>;
  revoke(id: unknown, token: string, remainingMs?: number): Promise<Answer>;
  /** A query with a key; without one where it is undefined. */
  whoami(apiKey: string | undefined, remainingMs?: number): Promise<Answer>;
  /** What Clerk delivers, signed now unless said otherwise. */
  deliver(event: object, at?: number, remainingMs?: number): Promise<Answer>;
}

/** @param signing what Clerk's deliveries are signed with, looked up anew for each. */
export function apiCaller(handler: HttpHandler, signing: { readonly webhookSecret: string }): ApiCaller {
  const caller: ApiCaller = {
    send: async (event, remainingMs) => toAnswer(await handler(event, lambdaContext(remainingMs))),
    create: async (name, { token, remainingMs, ...options }) => {
      const body = JSON.stringify({ name });
      const headers = {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...options.headers,
      };
      return await caller.send(httpApiEvent({ body, ...options, headers }), remainingMs);
    },
    list: (token, remainingMs) =>
      caller.create('', { token, remainingMs, method: 'GET', procedure: 'keys.list' }),
    revoke: (id, token, remainingMs) =>
      caller.create('', { token, remainingMs, procedure: 'keys.revoke', body: JSON.stringify({ id }) }),
    whoami: (apiKey, remainingMs) =>
      caller.create('', {
        method: 'GET',
        procedure: 'keys.whoami',
        remainingMs,
        ...(apiKey !== undefined && { headers: { 'x-api-key': apiKey } }),
      }),
    deliver: (event, at, remainingMs) =>
      caller.send(webhookEvent(signDelivery(signing.webhookSecret, event, at)), remainingMs),
  };
  return caller;
}

function toAnswer({ statusCode, headers, body }: APIGatewayProxyStructuredResultV2): Answer {
  const text = body ?? '';
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: statusCode ?? 0, headers: headers ?? {}, text, json };
}
