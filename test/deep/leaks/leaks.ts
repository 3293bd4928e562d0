import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { HttpHandler } from '../../../lambda/http/http-handler';
import { keyPrimaryKey } from '../../../lambda/keys/repository/primary-keys';
import { createLog } from '../../../lambda/shared/logger';

type Event = { readonly headers?: Record<string, string> };
type Response_ = Awaited<ReturnType<HttpHandler>>;
type Told = { readonly id?: string; readonly secret?: string };

const toldBy = ({ body = '{}' }: Response_): Told => JSON.parse(body);

/** A handler that does something with each event, and something with each answer. */
const around =
  (
    before: (event: unknown) => void,
    after: (answer: Response_, event: unknown) => Response_ | Promise<Response_> = (answer) => answer,
  ) =>
  (handler: HttpHandler): HttpHandler =>
  async (event, context) => {
    before(event);
    return await after(await handler(event, context), event);
  };

/** Calls `look` with each answer of Clerk's; `alter` changes what Clerk is sent. */
const aroundClerk =
  (look: (response: Response) => Promise<void>, alter = (body: object): object => body) =>
  (handler: HttpHandler): HttpHandler => {
    const { fetch } = globalThis;
    globalThis.fetch = async (input, init) => {
      const body = init?.body && { body: JSON.stringify(alter(JSON.parse(String(init.body)))) };
      const response = await fetch(input, { ...init, ...body });
      await look(response.clone());
      return response;
    };
    return handler;
  };

const isReport = (event: unknown): event is { body: string } =>
  (event as { routeKey?: string }).routeKey === 'POST /leaks/github';

const nothing = () => {};
let told: string | undefined;

/** Handlers that leak on purpose, as a careless change might. The hunt has to find each of them. */
export const leaks: Readonly<Record<string, (handler: HttpHandler) => HttpHandler>> = {
  'logs the event': around((event) => createLog('test').debug('event', { event })),
  'logs what Clerk answered': aroundClerk(async (response) => {
    if (response.headers.get('content-type') === 'application/json') return;
    console.warn(new Error(`Not JSON: ${await response.text()}`));
  }),
  'answers with the session token': around(nothing, (answer, event) => {
    const { authorization = '' } = (event as Event).headers ?? {};
    return { ...answer, headers: { ...answer.headers, 'x-debug': authorization } };
  }),
  'tells a secret twice': around(nothing, (answer) => {
    const body = JSON.stringify({ ...toldBy(answer), told });
    told ??= toldBy(answer).secret;
    return { ...answer, body };
  }),
  'answers a report with its tokens': around(nothing, (answer, event) => {
    if (!isReport(event)) return answer;
    const [, token = ''] = /"token":"([^"]+)"/.exec(event.body) ?? [];
    return { ...answer, body: (answer.body ?? '').replace(/"token_hash":"[^"]+"/, `"token_raw":"${token}"`) };
  }),
  'logs where a leaked key is': around((event) => {
    if (isReport(event)) console.log(event.body.match(/"url":"[^"]+"/)?.[0]);
  }),
  'stores a part of the secret': around(nothing, async (answer) => {
    const { id, secret } = toldBy(answer);
    if (!id || !secret) return answer;
    const update = new UpdateItemCommand({
      TableName: process.env.TABLE_NAME,
      Key: marshall(keyPrimaryKey(id)),
      UpdateExpression: 'SET hint = :hint',
      ExpressionAttributeValues: marshall({ ':hint': secret.slice(-12) }),
    });
    await new DynamoDBClient({}).send(update);
    return answer;
  }),
  'stores credentials at Clerk': aroundClerk(
    async () => {},
    (body) => ({ ...body, description: process.env.AWS_SECRET_ACCESS_KEY }),
  ),
};
