import { signDelivery, userDeleted } from '../../../local/clerk/webhooks';
import { apiForTests } from '../../support/api-harness';
import { httpApiEvent, webhookEvent } from '../../support/http-api-events';

const api = apiForTests();

type Event = ReturnType<typeof httpApiEvent>;

/** Every member that API Gateway may leave out is there and is null. */
const nulls = (event: Event) => ({
  ...event,
  pathParameters: event.pathParameters ?? null,
  body: event.body ?? null,
  rawQueryString: event.rawQueryString || null,
  queryStringParameters: null,
  cookies: null,
  stageVariables: null,
  isBase64Encoded: null,
  headers: { ...event.headers, 'content-encoding': null, 'trpc-accept': null },
  requestContext: { ...event.requestContext, authorizer: null, authentication: null, requestId: null },
});

/** The form of AWS SAM CLI: header names as the client wrote them, and a request context with fewer members. */
const sam = (event: Event) => {
  const { domainName, domainPrefix, requestId, ...requestContext } = event.requestContext;
  const titled = (name: string) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
  const headers = Object.entries(event.headers).map(([name, value]) => [titled(name), value]);
  return { ...nulls(event), headers: Object.fromEntries(headers), requestContext };
};

/** Only the members that say what to do. */
const bare = ({ version, routeKey, headers, body, pathParameters, requestContext: { http } }: Event) => ({
  version,
  routeKey,
  headers,
  body,
  pathParameters,
  requestContext: { http },
});

const route = (routeKey: string): Event => {
  const { pathParameters, ...event } = httpApiEvent({ method: 'GET' });
  return { ...event, routeKey };
};
const signedIn = () => ({ authorization: `Bearer ${api.signedIn().token}` });
const trpcClient = { 'x-trpc-source': 'test' };

const requests: [string, () => Event | Promise<Event>][] = [
  ['the health check', () => route('GET /health')],
  ['the OpenAPI document', () => route('GET /openapi.json')],
  ['a list', () => httpApiEvent({ method: 'GET', procedure: 'keys.list', headers: signedIn() })],
  [
    'a list of a tRPC client',
    () => httpApiEvent({ method: 'GET', procedure: 'keys.list', headers: { ...signedIn(), ...trpcClient } }),
  ],
  ['a creation', () => httpApiEvent({ headers: signedIn(), body: '{"name":"Emulated"}' })],
  [
    'a verification',
    async () => {
      const { secret } = await api.newKey();
      return httpApiEvent({ method: 'GET', procedure: 'keys.whoami', headers: { 'x-api-key': secret } });
    },
  ],
  ['a webhook', () => webhookEvent(signDelivery(api.usable.webhookSecret, userDeleted(api.signedIn().user)))],
];

describe.each<[string, (event: Event) => unknown]>([
  ['null for absent members', nulls],
  ['the form of AWS SAM CLI', sam],
  ['only the necessary members', bare],
])('an event with %s', (_form, changed) => {
  it.each(requests)('is answered with 200: %s', async (_what, request) => {
    const { status, headers } = await api.send(changed(await request()));
    expect(status).toBe(200);
    expect(headers['x-request-id']).toEqual(expect.stringMatching(/^\S+$/));
  });

  it('is 400 for a creation without a body, as on AWS', async () => {
    const event = httpApiEvent({ headers: signedIn() });
    const [onAws, emulated] = [await api.send(event), await api.send(changed(event))];
    expect(emulated).toMatchObject({ status: 400, text: onAws.text });
  });
});
