import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import served from '../../lambda/http/openapi.json';
import { appRouter } from '../../lambda/http/router';
import { openapiDocument } from '../../tools/openapi/document';
import type { Answer } from '../support/api-caller';
import { apiForTests, newUser } from '../support/api-harness';
import { httpApiEvent } from '../support/http-api-events';

const api = apiForTests();

interface Operation {
  readonly operationId: string;
  readonly security: object[];
  readonly requestBody?: { content: { 'application/json': { example: unknown } } };
  readonly responses: Record<string, { content: { 'application/json': { example: unknown } } }>;
}
const document = openapiDocument();
const operations = Object.values(document.paths).flatMap((path) => Object.values(path) as Operation[]);

describe('the OpenAPI document', () => {
  /** The validator is an ES module, which Jest cannot load, so it runs by its command. */
  const validate = (value: object) => {
    const directory = mkdtempSync(join(tmpdir(), 'satori-keys-test-'));
    const file = join(directory, 'openapi.json');
    writeFileSync(file, JSON.stringify(value));
    const command = join(__dirname, '..', '..', 'node_modules', '.bin', 'validate-api');
    const { stdout } = spawnSync('node', [command, file], { encoding: 'utf8' });
    rmSync(directory, { recursive: true });
    return JSON.parse(stdout);
  };

  it('is valid OpenAPI 3.1', () => {
    expect(validate(document)).toEqual({ valid: true });
  });

  it('is refused by the validator when it is not, so that this can fail', () => {
    const broken = { ...document, paths: { '/x': { get: { responses: 7 } } } };
    expect(validate(broken)).toMatchObject({ valid: false });
  });

  it('is the one that the service answers at GET /openapi.json; npm run openapi writes it', async () => {
    expect(served).toEqual(document);
    const event = {
      ...httpApiEvent({ method: 'GET' }),
      routeKey: 'GET /openapi.json',
      rawPath: '/openapi.json',
    };
    expect((await api.send(event)).json).toEqual(document);
  });

  it('has every procedure of the router, each with its security', () => {
    const procedures = Object.keys(appRouter._def.procedures);
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual([...procedures, 'health'].sort());
    const security = Object.fromEntries(
      operations.map((operation) => [operation.operationId, operation.security]),
    );
    expect(security).toEqual({
      'keys.create': [{ session: [] }],
      'keys.list': [{ session: [] }],
      'keys.revoke': [{ session: [] }],
      'keys.whoami': [{ apiKey: [] }],
      health: [],
    });
  });
});

/** Ids, secret and times of an answer replaced by those of the examples. */
const masked = ({ text }: Answer): unknown =>
  JSON.parse(
    text
      .replace(
        /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g,
        '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f',
      )
      .replace(/user_\w{27}/g, 'user_2xhFjEI5X2qWRvtV13BzSj8H6Dk')
      .replace(/ak_[0-9a-f]{32}/g, 'ak_3beecc9c60adb5f9b850e91a8ee1e992')
      .replace(
        /sk_satori_[\w-]{60}/g,
        'sk_satori_2poiRq762A7z2IOS9sh099XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX432DtO',
      )
      .replace(/\d{4}-\d\d-\d\dT[\d:.]{12}Z/g, '2024-01-15T10:30:00.000Z'),
  );

const user = newUser;
const token = (of = user(), claims = {}) => api.sessions.sign(of, 60, claims);
const name = 'Production Key';
const create = (options: object = {}) => api.create(name, { token: token(), ...options });
const revoke = (options: object = {}) =>
  api.create('', {
    token: token(),
    procedure: 'keys.revoke',
    body: JSON.stringify({ id: randomUUID() }),
    ...options,
  });
const text = { headers: { 'content-type': 'text/plain' } };
const large = { body: JSON.stringify({ name, fill: 'x'.repeat(20_000) }) };
const impersonated = () => ({ token: token(user(), { act: { sub: user() } }) });
const down = { kind: 'reset', effect: false } as const;
const badSecret = () => {
  api.secret.value = {};
};
const tableDown = () => api.dynamodb.fail(/./, down, Number.POSITIVE_INFINITY);
const key = async () => (await create()).json;

/** How to get each answer that the document shows from the server. */
const ways: Record<string, () => Promise<Answer>> = {
  'keys.create 200': () => create(),
  'keys.create 400': () => create({ body: '{}' }),
  'keys.create 401': () => create({ token: undefined }),
  'keys.create 403': () => create(impersonated()),
  'keys.create 409': async () => {
    const again = { token: token() };
    await create(again);
    return await create(again);
  },
  'keys.create 413': () => create(large),
  'keys.create 415': () => create(text),
  'keys.create 429': async () => {
    api.clerk.fail(/./, { kind: 'answer', status: 429, body: { errors: [] } });
    return await create();
  },
  'keys.create 500': async () => {
    api.clerk.fail(/./, { kind: 'answer', status: 422, body: { errors: [] } });
    return await create();
  },
  'keys.create 503': async () => {
    api.clerk.fail(/./, down);
    return await create();
  },
  'keys.list 200': async () => {
    const { clerkUserId, secret } = await key();
    await api.whoami(secret);
    return await api.list(token(clerkUserId));
  },
  'keys.list 401': () => api.list(''),
  'keys.list 500': async () => {
    badSecret();
    return await api.list(token());
  },
  'keys.list 503': async () => {
    tableDown();
    return await api.list(token());
  },
  'keys.revoke 200': async () => {
    const { id, clerkUserId } = await key();
    return await api.revoke(id, token(clerkUserId));
  },
  'keys.revoke 400': () => revoke({ body: '{"id":7}' }),
  'keys.revoke 401': () => revoke({ token: undefined }),
  'keys.revoke 403': () => revoke(impersonated()),
  'keys.revoke 404': () => revoke(),
  'keys.revoke 413': () => revoke(large),
  'keys.revoke 415': () => revoke(text),
  'keys.revoke 500': async () => {
    badSecret();
    return await revoke();
  },
  'keys.revoke 503': async () => {
    tableDown();
    return await revoke();
  },
  'keys.whoami 200': async () => api.whoami((await key()).secret),
  'keys.whoami 401': () => api.whoami('sk_satori_x'),
  'keys.whoami 429': async () => {
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: '1' });
    const { secret } = await key();
    await api.whoami(secret);
    return await api.whoami(secret);
  },
  'keys.whoami 503': async () => {
    const { secret } = await key();
    tableDown();
    return await api.whoami(secret);
  },
  'health 200': () =>
    api.send({ ...httpApiEvent({ method: 'GET' }), routeKey: 'GET /health', rawPath: '/health' }),
};

describe('an example of the OpenAPI document', () => {
  const shown = operations.flatMap(({ operationId, responses }) =>
    Object.entries(responses).map(
      ([status, { content }]) => [`${operationId} ${status}`, content['application/json'].example] as const,
    ),
  );

  it('is there for every way that is known here, and the other way round', () => {
    expect(shown.map(([which]) => which).sort()).toEqual(Object.keys(ways).sort());
  });

  it.each(shown)('%s is an answer that the server gives', async (which, example) => {
    const answer = await (ways[which] as () => Promise<Answer>)();
    expect(`${answer.status}`).toBe(which.split(' ')[1]);
    expect(masked(answer)).toEqual(example);
  });

  it('of a request is one that the server takes', async () => {
    const bodies = operations.flatMap(
      ({ requestBody }) => requestBody?.content['application/json'].example ?? [],
    );
    expect(bodies).toEqual([{ name: 'Production Key' }, { id: '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f' }]);
    expect((await create({ body: JSON.stringify(bodies[0]) })).status).toBe(200);
    expect((await revoke({ body: JSON.stringify(bodies[1]) })).status).toBe(404);
  });
});
