import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import served from '../../lambda/http/openapi.json';
import { appRouter } from '../../lambda/http/router';
import { openapiDocument } from '../../tools/openapi/document';
import { sample } from '../../tools/openapi/examples';
import type { Answer } from '../support/api-caller';
import { apiForTests, newUser } from '../support/api-harness';
import { httpApiEvent } from '../support/http-api-events';

const api = apiForTests();
const get = (path: string) => api.send({ ...httpApiEvent({ method: 'GET' }), routeKey: `GET ${path}`, rawPath: path });

interface Json {
  readonly content: {
    'application/json': { example?: unknown; examples?: Record<string, { value: unknown }> };
  };
}
interface Operation {
  readonly operationId: string;
  readonly security: object[];
  readonly requestBody?: Json;
  readonly parameters?: Json[];
  readonly responses: Record<string, Json>;
}
const document = openapiDocument();
const operations = Object.values(document.paths).flatMap((path) => Object.values(path) as Operation[]);

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1, and the validator rejects a malformed one', () => {
    // The validator is an ES module, which Jest cannot load.
    const script = `import { Validator } from '@seriousme/openapi-schema-validator';
      import { json } from 'node:stream/consumers';
      for (const document of await json(process.stdin)) console.log((await new Validator().validate(document)).valid);`;
    const input = JSON.stringify([document, { ...document, paths: { '/x': { get: { responses: 7 } } } }]);
    const { stdout } = spawnSync('node', ['--input-type=module', '-e', script], { encoding: 'utf8', input });
    expect(stdout).toBe('true\nfalse\n');
  });

  it('equals the answer of GET /openapi.json, which npm run openapi writes', async () => {
    expect(served).toEqual(document);
    expect((await get('/openapi.json')).json).toEqual(document);
  });

  it('contains every procedure of the router, each with its security', () => {
    const procedures = Object.keys(appRouter._def.procedures);
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual([...procedures, 'health'].sort());
    const security = Object.fromEntries(operations.map((operation) => [operation.operationId, operation.security]));
    expect(security).toEqual({
      'keys.create': [{ session: [] }],
      'keys.list': [{ session: [] }],
      'keys.get': [{ session: [] }],
      'keys.revoke': [{ session: [] }],
      'keys.whoami': [{ apiKey: [] }, { bearerApiKey: [] }],
      health: [],
    });
  });
});

/** An answer with what differs each time, and the limit of keys, replaced by what the examples say. */
const masked = ({ text }: Answer): unknown =>
  JSON.parse(
    text
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, sample.id)
      .replace(/user_\w{27}/g, sample.clerkUserId)
      .replace(/ak_[0-9a-f]{32}/g, sample.clerkKeyId)
      .replace(/sk_satori_\w{22}_\w{38}/g, sample.secret)
      .replace(/sk_satori_\w{4}…\w{4}/g, sample.hint)
      .replace('limit of 1 API keys', 'limit of 100 API keys')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]{12}Z/g, sample.createdAt),
  );

const token = (of = newUser(), claims = {}) => api.sessions.sign(of, 60, claims);
const name = 'Production Key';
const create = (options: object = {}) => api.create(name, { token: token(), ...options });
const revoke = (options: object = {}) =>
  create({ procedure: 'keys.revoke', body: JSON.stringify({ id: randomUUID() }), ...options });
const text = { headers: { 'content-type': 'text/plain' } };
const large = { body: JSON.stringify({ name, fill: 'x'.repeat(20_000) }) };
const impersonated = () => ({ token: token(newUser(), { act: { sub: newUser() } }) });
const down = { kind: 'reset', effect: false } as const;
const withoutSecret = () => {
  api.secret.value = {};
  return api;
};
const withoutTable = () => {
  api.dynamodb.fail(/./, down, Number.POSITIVE_INFINITY);
  return api;
};
const createAtClerk = (fault: Parameters<typeof api.clerk.fail>[1]) => {
  api.clerk.fail(/./, fault);
  return create();
};
const answer = (status: number) => ({ kind: 'answer', status, body: { errors: [] } }) as const;
/** A new key, and a session token of its owner. */
const key = async () => {
  const { json } = await create();
  return { ...json, token: token(json.clerkUserId) };
};
/** The answer to a second creation by the same owner. */
const createTwice = async (variables: Record<string, string>, second = name) => {
  api.coldStart(variables);
  const owner = { token: token() };
  await create(owner);
  return await api.create(second, owner);
};

/** How to get each answer of the document from the server. */
const ways: Record<string, () => Promise<Answer>> = {
  'keys.create 200': () => create(),
  'keys.create 400 nameMissing': () => create({ body: '{}' }),
  'keys.create 401 sessionRefused': () => create({ token: undefined }),
  'keys.create 403 impersonated': () => create(impersonated()),
  'keys.create 409 nameTaken': () => createTwice({}),
  'keys.create 409 keyLimit': () => createTwice({ MAX_KEYS_PER_OWNER: '1' }, 'Another'),
  'keys.create 413 bodyTooLarge': () => create(large),
  'keys.create 415 notJson': () => create(text),
  'keys.create 429 hourlyLimit': () => createTwice({ KEYS_PER_OWNER_PER_HOUR: '1' }, 'Another'),
  'keys.create 429 clerkLimit': () => createAtClerk(answer(429)),
  'keys.create 500 internal': () => createAtClerk(answer(422)),
  'keys.create 503 unavailable': () => createAtClerk(down),
  'keys.list 200': async () => {
    const { token: owner, secret } = await key();
    await api.whoami(secret);
    return await api.list(owner);
  },
  'keys.list 400 limitOutOfRange': () => api.list(token(), undefined, { limit: 101 }),
  'keys.list 400 afterUnknown': () => api.list(token(), undefined, { after: randomUUID() }),
  'keys.list 401 sessionRefused': () => api.list(''),
  'keys.list 500 internal': () => withoutSecret().list(token()),
  'keys.list 503 unavailable': () => withoutTable().list(token()),
  'keys.get 200': async () => {
    const { id, token: owner } = await key();
    return await api.get(id, owner);
  },
  'keys.get 400 idMalformed': () => api.get(7, token()),
  'keys.get 401 sessionRefused': () => api.get(randomUUID(), ''),
  'keys.get 401 keyOfAnotherOwner': async () => api.get((await key()).id, token()),
  'keys.get 404 keyNotFound': () => api.get(randomUUID(), token()),
  'keys.get 500 internal': () => withoutSecret().get(randomUUID(), token()),
  'keys.get 503 unavailable': () => withoutTable().get(randomUUID(), token()),
  'keys.revoke 200': async () => {
    const { id, token: owner } = await key();
    return await api.revoke(id, owner);
  },
  'keys.revoke 400 idMalformed': () => revoke({ body: '{"id":7}' }),
  'keys.revoke 401 sessionRefused': () => revoke({ token: undefined }),
  'keys.revoke 401 keyOfAnotherOwner': async () => api.revoke((await key()).id, token()),
  'keys.revoke 403 impersonated': () => revoke(impersonated()),
  'keys.revoke 404 keyNotFound': () => revoke(),
  'keys.revoke 413 bodyTooLarge': () => revoke(large),
  'keys.revoke 415 notJson': () => revoke(text),
  'keys.revoke 500 internal': () => withoutSecret().revoke(randomUUID(), token()),
  'keys.revoke 503 unavailable': () => withoutTable().revoke(randomUUID(), token()),
  'keys.whoami 200': async () => api.whoami((await key()).secret),
  'keys.whoami 401 keyRefused': () => api.whoami('sk_satori_x'),
  'keys.whoami 429 keyLimited': async () => {
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: '1' });
    const { secret } = await key();
    await api.whoami(secret);
    return await api.whoami(secret);
  },
  'keys.whoami 503 unavailable': async () => {
    const { secret } = await key();
    return await withoutTable().whoami(secret);
  },
  'health 200': () => get('/health'),
};

const exampleOf = ({ content }: Json) => content['application/json'].example;

describe('an example of the OpenAPI document', () => {
  const shown = operations.flatMap(({ operationId, responses }) =>
    Object.entries(responses).flatMap(([status, response]) => {
      const { examples } = response.content['application/json'];
      if (!examples) return [[`${operationId} ${status}`, exampleOf(response)] as const];
      return Object.entries(examples).map(
        ([error, { value }]) => [`${operationId} ${status} ${error}`, value] as const,
      );
    }),
  );

  it('is tested below, whichever it is', () => {
    expect(Object.keys(ways).sort()).toEqual(shown.map(([which]) => which).sort());
  });

  it.each(shown)('%s is an answer of the server', async (which, example) => {
    const answer = await (ways[which] as () => Promise<Answer>)();
    expect(`${answer.status}`).toBe(which.split(' ')[1]);
    expect(masked(answer)).toEqual(example);
  });

  it('of a request is accepted by the server', async () => {
    const inputs = operations.flatMap(({ requestBody, parameters = [] }) =>
      [...(requestBody ? [requestBody] : []), ...parameters].map(exampleOf),
    );
    const [created, listed, got, revoked] = inputs as [object, { after: string }, { id: string }, object];
    expect((await create({ body: JSON.stringify(created) })).status).toBe(200);
    const { id, token: owner } = await key();
    expect((await api.list(owner, undefined, { ...listed, after: id })).status).toBe(200);
    expect((await api.get(got.id, owner)).status).toBe(404);
    expect((await revoke({ body: JSON.stringify(revoked) })).status).toBe(404);
    expect(inputs).toHaveLength(4);
  });
});
