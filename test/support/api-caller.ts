import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { HttpHandler } from '../../lambda/http/http-handler';
import { signDelivery } from '../../local/clerk/webhooks';
import { type EventOptions, httpApiEvent, lambdaContext, webhookEvent } from './http-api-events';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: each test checks the members that it needs.
  readonly json: any;
}

export interface CreateOptions extends EventOptions {
  readonly token?: string | undefined;
  /** The remaining time of the Lambda context. */
  readonly remainingMs?: number | undefined;
}

/** Who calls: a session token or a key. */
export interface Credentials {
  readonly token?: string | undefined;
  readonly key?: string | undefined;
}

/** Calls the API with events, directly at the handler. */
export interface ApiCaller {
  send(event: unknown, remainingMs?: number): Promise<Answer>;
  /**
   * Calls a procedure: GET for a query, POST for a mutation.
   * @param procedure after `keys.`
   */
  call(procedure: string, input: unknown, credentials: Credentials, headers?: Record<string, string>): Promise<Answer>;
  create(name: unknown, options: CreateOptions): Promise<Answer>;
  /** @param input the input of the query. */
  list(token: string, remainingMs?: number, input?: object): Promise<Answer>;
  get(id: unknown, token: string): Promise<Answer>;
  revoke(id: unknown, token: string, remainingMs?: number): Promise<Answer>;
  /** Calls keys.whoami. If the key is undefined, no `x-api-key` is sent. */
  whoami(apiKey: string | undefined, remainingMs?: number): Promise<Answer>;
  /**
   * Sends a webhook delivery from Clerk.
   * @param at the time of signing, in ms since 1970. Default: now.
   */
  deliver(event: object, at?: number, remainingMs?: number): Promise<Answer>;
}

/** @param signing the signing secret of deliveries, read for each delivery. */
export function apiCaller(handler: HttpHandler, signing: { readonly webhookSecret: string }): ApiCaller {
  const caller: ApiCaller = {
    send: async (event, remainingMs) => toAnswer(await handler(event, lambdaContext(remainingMs))),
    call: async (procedure, input, { token, key }, headers) => {
      const sent = {
        procedure: `keys.${procedure}`,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(key !== undefined && { 'x-api-key': key }),
          ...headers,
        },
      };
      if (queries.has(procedure))
        return await caller.send(httpApiEvent({ ...sent, method: 'GET', query: queryOf(input) }));
      return await caller.send(httpApiEvent({ ...sent, ...(input !== undefined && { body: JSON.stringify(input) }) }));
    },
    create: async (name, { token, remainingMs, ...options }) => {
      const body = JSON.stringify({ name });
      const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...options.headers };
      return await caller.send(httpApiEvent({ body, ...options, headers }), remainingMs);
    },
    list: (token, remainingMs, input) =>
      caller.create('', { token, remainingMs, method: 'GET', procedure: 'keys.list', query: queryOf(input) }),
    get: (id, token) => caller.create('', { token, method: 'GET', procedure: 'keys.get', query: queryOf({ id }) }),
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

const queries = new Set(['list', 'get', 'usage', 'whoami']);

/** The query string for the input of a tRPC query. */
const queryOf = (input?: unknown) => (input ? `input=${encodeURIComponent(JSON.stringify(input))}` : '');

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
