import { randomUUID } from 'node:crypto';
import { Deadline } from '../../../lambda/shared/deadline';
import { openapiDocument } from '../../../tools/openapi/document';
import { sample } from '../../../tools/openapi/examples';
import type { Answer, CreateOptions } from '../../support/api-caller';
import { apiForTests, newUser } from '../../support/api-harness';
import { httpApiEvent } from '../../support/http-api-events';

const api = apiForTests();
afterEach(() => jest.restoreAllMocks());

interface Json {
  readonly content: {
    'application/json': { example?: unknown; examples?: Record<string, { $ref: string }> };
  };
}
interface Operation {
  readonly operationId: string;
  readonly requestBody?: Json;
  readonly parameters?: Json[];
  readonly responses: Record<string, Json>;
}
const { paths, components } = openapiDocument();
const operations = Object.values(paths).flatMap((path) => Object.values(path) as Operation[]);
const exampleOf = ({ content }: Json) => content['application/json'].example;
const inputOf = (id: string): object => {
  const { requestBody, parameters = [] } = operations.find(({ operationId }) => operationId === id) as Operation;
  return exampleOf(requestBody ?? (parameters[0] as Json)) as object;
};

const dayMs = 86_400_000;
const day = (time: string | number) => Date.parse(new Date(time).toISOString().slice(0, 10));

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
      // The examples expire in 2099.
      .replace(/(?!2099)\d{4}-\d\d-\d\dT[\d:.]{12}Z/g, sample.createdAt)
      .replace(/(?<=")\d{4}-\d\d-\d\d(?=")/g, (date) => {
        const daysAgo = (day(Date.now()) - day(date)) / dayMs;
        return new Date(day(sample.createdAt) - daysAgo * dayMs).toISOString().slice(0, 10);
      }),
  );

const token = (of = newUser(), claims = {}) => api.sessions.sign(of, 600, claims);
const impersonated = () => token(newUser(), { act: { sub: newUser() } });

const call = (procedure: string, input: object, options: CreateOptions = {}): Promise<Answer> => {
  const isQuery = ['keys.list', 'keys.get', 'keys.usage'].includes(procedure);
  const request = isQuery
    ? { method: 'GET', query: `input=${encodeURIComponent(JSON.stringify(input))}` }
    : { body: JSON.stringify(input) };
  return api.create('', { procedure, token: token(), ...request, ...options });
};
const name = 'Production Key';
const create = (more: object = {}, options?: CreateOptions) =>
  call('keys.create', { ...inputOf('keys.create'), ...more }, options);
const withKey = (procedure: string, secret = 'sk_satori_x') => api.call(procedure, undefined, { key: secret });

const key = async (more: object = {}) => {
  const { json } = await create(more);
  return { id: json.id as string, secret: json.secret as string, token: token(json.clerkUserId) };
};
const answer = (status: number) => ({ kind: 'answer', status, body: { errors: [] } }) as const;
const atClerk = (status: number) => {
  api.clerk.fail(/./, answer(status));
  return create();
};
const withoutTable = (ask: () => Promise<Answer>) => {
  api.dynamodb.fail(/./, { kind: 'reset', effect: false }, Number.POSITIVE_INFINITY);
  return ask();
};
/** The answer to a second creation by the same owner. */
const createTwice = async (variables: Record<string, string>, second = name) => {
  api.coldStart(variables);
  const owner = { token: token() };
  await create({}, owner);
  return await create({ name: second }, owner);
};

/** The input of the document, in which an ID is that of no key. */
const input = (procedure: string, more: object = {}) => {
  const shown = inputOf(procedure);
  return { ...shown, ...('id' in shown && { id: randomUUID() }), ...more };
};
const ofOrganization = { owner: 'organization', after: undefined };

/** How to get an error from any procedure that has it. */
const errors: Record<string, (procedure: string) => Promise<Answer>> = {
  sessionRefused: (procedure) => call(procedure, input(procedure), { token: undefined }),
  impersonated: (procedure) => call(procedure, input(procedure), { token: impersonated() }),
  bodyTooLarge: (procedure) => call(procedure, input(procedure, { fill: 'x'.repeat(20_000) })),
  notJson: (procedure) => call(procedure, input(procedure), { headers: { 'content-type': 'text/plain' } }),
  idMalformed: (procedure) => call(procedure, input(procedure, { id: 7 })),
  scopeUnknown: (procedure) => call(procedure, input(procedure, { scopes: ['docs:delete'] })),
  noOrganization: (procedure) => call(procedure, input(procedure, ofOrganization)),
  keyNotFound: (procedure) => call(procedure, input(procedure)),
  keyOfAnotherOwner: async (procedure) => call(procedure, input(procedure, { id: (await key()).id })),
  keyRevoked: async (procedure) => {
    const { id, token: owner } = await key();
    await api.revoke(id, owner);
    return await call(procedure, input(procedure, { id }), { token: owner });
  },
  roleMissing: async (procedure) => {
    const { org, token: admin } = api.memberOf('admin');
    const { id } = (await create({ owner: 'organization' }, { token: admin })).json;
    return await call(procedure, input(procedure, { ...ofOrganization, id }), api.memberOf('guest', newUser(), org));
  },
  internal: (procedure) => {
    api.secret.value = {};
    return call(procedure, input(procedure));
  },
  unavailable: (procedure) => withoutTable(() => call(procedure, input(procedure))),
};

const changed = (procedure: string, more: object) => async () => {
  const { id, secret, token: owner } = await key();
  await api.whoami(secret);
  return await call(procedure, { ...more, id }, { token: owner });
};
const change = { scopes: ['docs:read', 'docs:write'], enabled: false };
const grace = { gracePeriodSeconds: 3600 };

/** How to get the other answers of the document. */
const ways: Record<string, () => Promise<Answer>> = {
  'keys.create 200': () => create(),
  'keys.create 400 nameMissing': () => create({ name: undefined }),
  'keys.create 400 expiryTooEarly': () => create({ expiresAt: new Date().toISOString() }),
  'keys.create 403 userBanned': async () => {
    const user = newUser();
    await api.repositories().owners.setSuspended(user, true, 1, Deadline.in(5_000));
    return await create({}, { token: token(user) });
  },
  'keys.create 409 nameTaken': () => createTwice({}),
  'keys.create 409 keyLimit': () => createTwice({ MAX_KEYS_PER_OWNER: '1' }, 'Another'),
  'keys.create 429 hourlyLimit': () => createTwice({ KEYS_PER_OWNER_PER_HOUR: '1' }, 'Another'),
  'keys.create 429 clerkLimit': () => atClerk(429),
  'keys.create 500 internal': () => atClerk(422),
  'keys.list 200': changed('keys.list', {}),
  'keys.list 400 limitOutOfRange': () => call('keys.list', { limit: 101 }),
  'keys.list 400 afterUnknown': () => call('keys.list', { after: randomUUID() }),
  'keys.get 200': async () => {
    const { id, token: owner } = await key();
    return await api.get(id, owner);
  },
  'keys.usage 200': changed('keys.usage', {}),
  'keys.revoke 200': changed('keys.revoke', {}),
  'keys.update 200': async () => {
    const { id, token: owner } = await key();
    return await call('keys.update', { ...change, id }, { token: owner });
  },
  'keys.rotate 200': changed('keys.rotate', grace),
  'keys.rotate 400 gracePeriodMissing': () => call('keys.rotate', { id: randomUUID() }),
  'keys.rotate 409 keyExpired': async () => {
    const { id, token: owner } = await key({ expiresAt: new Date(Date.now() + 61_000).toISOString() });
    const now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => now + 61_000);
    return await call('keys.rotate', { ...grace, id }, { token: owner });
  },
  'keys.rotate 409 keyRotated': async () => {
    const { id, token: owner } = await key();
    const rotations = [1, 2, 3].map(() => call('keys.rotate', { ...grace, id }, { token: owner }));
    return (await Promise.all(rotations)).find(({ status }) => status === 409) as Answer;
  },
  'keys.whoami 200': async () => api.whoami((await key()).secret),
  'keys.whoami 401 keyRefused': () => withKey('whoami'),
  'keys.whoami 429 keyLimited': async () => {
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: '1' });
    const { secret } = await key();
    await api.whoami(secret);
    return await api.whoami(secret);
  },
  'keys.revokeSelf 200': async () => withKey('revokeSelf', (await key()).secret),
  'keys.revokeSelf 401 secretRefused': () => withKey('revokeSelf'),
  'health 200': () => api.send({ ...httpApiEvent({ method: 'GET' }), routeKey: 'GET /health', rawPath: '/health' }),
};
for (const procedure of ['whoami', 'revokeSelf']) {
  ways[`keys.${procedure} 503 unavailable`] = async () => {
    const { secret } = await key();
    return await withoutTable(() => withKey(procedure, secret));
  };
}

describe('an example of the OpenAPI document', () => {
  const shown = operations.flatMap(({ operationId, responses }) =>
    Object.entries(responses).flatMap(([status, response]) => {
      const { examples } = response.content['application/json'];
      if (!examples) return [[`${operationId} ${status}`, exampleOf(response)] as const];
      return Object.keys(examples).map(
        (error) => [`${operationId} ${status} ${error}`, components.examples[error]?.value] as const,
      );
    }),
  );

  it('is gotten in one way', () => {
    expect(Object.keys(ways).filter((way) => !shown.some(([which]) => which === way))).toEqual([]);
  });

  it.each(shown)('%s is an answer of the server', async (which, example) => {
    const [procedure = '', status, error = ''] = which.split(' ');
    const answer = await (ways[which] ?? (() => errors[error]?.(procedure)))();
    expect(String(answer?.status)).toBe(status);
    expect(masked(answer as Answer)).toEqual(example);
  });

  const withInput = operations.filter(({ requestBody, parameters }) => requestBody || parameters);

  it.each(withInput.map(({ operationId }) => operationId))('of a request for %s is accepted', async (procedure) => {
    const { id, token: owner } = await key();
    const input = inputOf(procedure);
    const own = { ...('id' in input && { id }), ...('after' in input && { after: id }) };
    const named = procedure === 'keys.create' && { name: 'Another' };
    expect((await call(procedure, { ...input, ...own, ...named }, { token: owner })).status).toBe(200);
  });
});
