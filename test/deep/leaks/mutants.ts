import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { HttpHandler } from '../../../lambda/http/http-handler';
import { createLog } from '../../../lambda/shared/logger';

type Event = { readonly headers?: Record<string, string> };
type Told = { readonly id?: string; readonly secret?: string };

/** Calls `look` with each answer of Clerk's, and gets its body from `alter` where there is one. */
function aroundClerk(
  look: (response: Response) => Promise<void>,
  alter = (body: unknown): unknown => body,
): void {
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const altered = init?.body
      ? { ...init, body: JSON.stringify(alter(JSON.parse(String(init.body)))) }
      : init;
    const response = await fetch(input, altered);
    await look(response.clone());
    return response;
  };
}

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const toldBy = (body: string | undefined): Told => JSON.parse(body ?? '{}');

/** Functions that leak, each in its own way, as a hurried change might make them. The hunt has to find each of them. */
export const mutants: Readonly<Record<string, (handler: HttpHandler) => HttpHandler>> = {
  'logs the event for debugging': (handler) => async (event, context) => {
    createLog('test').debug('event', { event });
    return await handler(event, context);
  },

  'logs the event in base64': (handler) => async (event, context) => {
    console.error(base64(event));
    return await handler(event, context);
  },

  'logs the answer': (handler) => async (event, context) => {
    const answer = await handler(event, context);
    console.log('%o', answer);
    return answer;
  },

  'logs an error that quotes what Clerk answered': (handler) => {
    aroundClerk(async (response) => {
      if (response.headers.get('content-type') === 'application/json') return;
      console.warn(new Error(`Not JSON: ${await response.text()}`));
    });
    return handler;
  },

  'answers with the token that it got': (handler) => async (event, context) => {
    const answer = await handler(event, context);
    const { authorization = '' } = (event as Event).headers ?? {};
    return { ...answer, headers: { ...answer.headers, 'x-debug': authorization } };
  },

  'tells a secret again': (handler) => {
    let told: string | undefined;
    return async (event, context) => {
      const answer = await handler(event, context);
      const body = JSON.stringify({ ...toldBy(answer.body), told });
      told ??= toldBy(answer.body).secret;
      return { ...answer, body };
    };
  },

  'stores the secret in the item': (handler) => async (event, context) => {
    const answer = await handler(event, context);
    const { id, secret } = toldBy(answer.body);
    if (!id || !secret) return answer;
    const update = new UpdateItemCommand({
      TableName: process.env.TABLE_NAME,
      Key: { id: { S: id } },
      UpdateExpression: 'SET hint = :hint',
      ExpressionAttributeValues: { ':hint': { S: secret.slice(-12) } },
    });
    await new DynamoDBClient({}).send(update);
    return answer;
  },

  'stores credentials at Clerk': (handler) => {
    const description = process.env.AWS_SECRET_ACCESS_KEY;
    aroundClerk(
      async () => {},
      (body) => ({ ...(body as object), description }),
    );
    return handler;
  },
};
