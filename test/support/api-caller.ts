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

export type ApiCaller = ReturnType<typeof apiCaller>;

/**
 * Calls the API with events, directly at the handler.
 * @param signing the signing secret of deliveries, read for each delivery.
 */
export function apiCaller(handler: HttpHandler, signing: { readonly webhookSecret: string }) {
  const send = async (event: unknown, remainingMs?: number): Promise<Answer> =>
    toAnswer(await handler(event, lambdaContext(remainingMs)));
  /**
   * Calls a procedure: GET for a query, POST for a mutation.
   * @param procedure after `keys.`
   */
  const call = (
    procedure: string,
    input: unknown,
    { token, key }: Credentials,
    headers: Record<string, string> = {},
    remainingMs?: number,
  ): Promise<Answer> => {
    const sent = {
      procedure: `keys.${procedure}`,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(key !== undefined && { 'x-api-key': key }),
        ...headers,
      },
    };
    const query = input ? `input=${encodeURIComponent(JSON.stringify(input))}` : '';
    const options = queries.has(procedure)
      ? { ...sent, method: 'GET', query }
      : { ...sent, ...(input !== undefined && { body: JSON.stringify(input) }) };
    return send(httpApiEvent(options), remainingMs);
  };
  return {
    send,
    call,
    /** Calls keys.create with a name, or whatever the options say. */
    create: (name: unknown, { token, remainingMs, ...options }: CreateOptions): Promise<Answer> => {
      const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...options.headers };
      return send(httpApiEvent({ body: JSON.stringify({ name }), ...options, headers }), remainingMs);
    },
    /** @param input the input of the query. */
    list: (token: string, remainingMs?: number, input?: object) => call('list', input, { token }, {}, remainingMs),
    get: (id: unknown, token: string) => call('get', { id }, { token }),
    revoke: (id: unknown, token: string, remainingMs?: number) => call('revoke', { id }, { token }, {}, remainingMs),
    /** Calls keys.whoami. If the key is undefined, no `x-api-key` is sent. */
    whoami: (key: string | undefined, remainingMs?: number) => call('whoami', undefined, { key }, {}, remainingMs),
    /**
     * Sends a webhook delivery from Clerk.
     * @param at the time of signing, in ms since 1970. Default: now.
     */
    deliver: (event: object, at?: number, remainingMs?: number) =>
      send(webhookEvent(signDelivery(signing.webhookSecret, event, at)), remainingMs),
  };
}

const queries = new Set(['list', 'get', 'usage', 'whoami']);

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
