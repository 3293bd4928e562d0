import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { HttpHandler } from '../../lambda/api/http-handler';
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
  readonly remainingMs?: number;
}

/** The calls of the API, as events for a handler. */
export interface ApiCaller {
  send(event: unknown, remainingMs?: number): Promise<Answer>;
  create(name: unknown, options: CreateOptions): Promise<Answer>;
  /** A query with a session token. */
  list(token: string): Promise<Answer>;
  revoke(id: unknown, token: string): Promise<Answer>;
  /** A query with a key; without one where it is undefined. */
  whoami(apiKey: string | undefined): Promise<Answer>;
  /** What Clerk delivers, signed now unless said otherwise. */
  deliver(event: object, at?: number): Promise<Answer>;
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
    list: (token) => caller.create('', { token, method: 'GET', procedure: 'keys.list' }),
    revoke: (id, token) =>
      caller.create('', { token, procedure: 'keys.revoke', body: JSON.stringify({ id }) }),
    whoami: (apiKey) =>
      caller.create('', {
        method: 'GET',
        procedure: 'keys.whoami',
        ...(apiKey !== undefined && { headers: { 'x-api-key': apiKey } }),
      }),
    deliver: (event, at) => caller.send(webhookEvent(signDelivery(signing.webhookSecret, event, at))),
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
