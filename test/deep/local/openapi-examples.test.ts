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
const inOrganization = (role: string, id = 'org_1') => token(newUser(), { o: { id, rol: role } });
const impersonated = () => token(newUser(), { act: { sub: newUser() } });

const call = (procedure: string, input: object, options: CreateOptions = {}): Promise<Answer> => {
  const isQuery = ['keys.list', 'keys.get', 'keys.usage'].includes(procedure);
  const request = isQuery
    ? { method: 'GET', query: `input=${encodeURIComponent(JSON.stringify(input))}` }
    : { body: JSON.stringify(input) };
  return api.create('', { procedure, token: token(), ...request, ...options });
};
const name = 'Production Key';
const create = (input: object = {}, options?: CreateOptions) =>
  call('keys.create', { ...inputOf('keys.create'), ...input }, options);
const withKey = (procedure: string, key = 'sk_satori_x') =>
  api.call(procedure.slice('keys.'.length), undefined, { key });

const key = async (input: object = {}) => {
  const { json } = await create(input);
  return { id: json.id as string, secret: json.secret as string, token: token(json.clerkUserId) };
};
const down = { kind: 'reset', effect: false } as const;
const answer = (status: number) => ({ kind: 'answer', status, body: { errors: [] } }) as const;
const atClerk = (fault: Parameters<typeof api.clerk.fail>[1]) => {
  api.clerk.fail(/./, fault);
  return create();
};
const withoutTable = (ask: () => Promise<Answer>) => () => {
  api.dynamodb.fail(/./, down, Number.POSITIVE_INFINITY);
  return ask();
};
const withoutSecret = (ask: () => Promise<Answer>) => () => {
  api.secret.value = {};
  return ask();
};
const createTwice = async (variables: Record<string, string>, second = name) => {
  api.coldStart(variables);
  const owner = { token: token() };
  await create({}, owner);
  return await create({ name: second }, owner);
};
const text = { headers: { 'content-type': 'text/plain' } };
const large = { fill: 'x'.repeat(20_000) };

type Ways = Record<string, () => Promise<Answer>>;

/** How to get the answers that procedures for one key have in common. @param input all of the input but the ID. */
const waysForOneKey = (procedure: string, input: object = {}): Ways => ({
  [`${procedure} 200`]: async () => {
    const { id, secret, token: owner } = await key();
    if (procedure === 'keys.usage') await api.whoami(secret);
    return await call(procedure, { ...input, id }, { token: owner });
  },
  [`${procedure} 400 idMalformed`]: () => call(procedure, { ...input, id: 7 }),
  [`${procedure} 401 sessionRefused`]: () => call(procedure, { ...input, id: randomUUID() }, { token: undefined }),
  [`${procedure} 401 keyOfAnotherOwner`]: async () => call(procedure, { ...input, id: (await key()).id }),
  [`${procedure} 403 roleMissing`]: async () => {
    const organization = `org_${newUser().slice('user_'.length)}`;
    const admin = { token: inOrganization('admin', organization) };
    const { id } = (await create({ owner: 'organization' }, admin)).json;
    return await call(procedure, { ...input, id }, { token: inOrganization('guest', organization) });
  },
  [`${procedure} 404 keyNotFound`]: () => call(procedure, { ...input, id: randomUUID() }),
  [`${procedure} 500 internal`]: withoutSecret(() => call(procedure, { ...input, id: randomUUID() })),
  [`${procedure} 503 unavailable`]: withoutTable(() => call(procedure, { ...input, id: randomUUID() })),
});

/** The same for a procedure that changes a key. */
const waysForChange = (procedure: string, input: object = {}): Ways => ({
  ...waysForOneKey(procedure, input),
  [`${procedure} 403 impersonated`]: () => call(procedure, { ...input, id: randomUUID() }, { token: impersonated() }),
  [`${procedure} 413 bodyTooLarge`]: () => call(procedure, { ...input, ...large }),
  [`${procedure} 415 notJson`]: () => call(procedure, input, text),
});

const afterRevocation = async (procedure: string, input: object) => {
  const { id, token: owner } = await key();
  await api.revoke(id, owner);
  return await call(procedure, { ...input, id }, { token: owner });
};

const change = { scopes: ['docs:read', 'docs:write'], enabled: false };
const grace = { gracePeriodSeconds: 3600 };

const ways: Ways = {
  'keys.create 200': () => create(),
  'keys.create 400 nameMissing': () => create({ name: undefined }),
  'keys.create 400 scopeUnknown': () => create({ scopes: ['docs:delete'] }),
  'keys.create 400 expiryTooEarly': () => create({ expiresAt: new Date().toISOString() }),
  'keys.create 400 noOrganization': () => create({ owner: 'organization' }),
  'keys.create 401 sessionRefused': () => create({}, { token: undefined }),
  'keys.create 403 impersonated': () => create({}, { token: impersonated() }),
  'keys.create 403 roleMissing': () => create({ owner: 'organization' }, { token: inOrganization('member') }),
  'keys.create 403 userBanned': async () => {
    const user = newUser();
    await api.repositories().owners.setSuspended(user, true, 1, Deadline.in(5_000));
    return await create({}, { token: token(user) });
  },
  'keys.create 409 nameTaken': () => createTwice({}),
  'keys.create 409 keyLimit': () => createTwice({ MAX_KEYS_PER_OWNER: '1' }, 'Another'),
  'keys.create 413 bodyTooLarge': () => create(large),
  'keys.create 415 notJson': () => create({}, text),
  'keys.create 429 hourlyLimit': () => createTwice({ KEYS_PER_OWNER_PER_HOUR: '1' }, 'Another'),
  'keys.create 429 clerkLimit': () => atClerk(answer(429)),
  'keys.create 500 internal': () => atClerk(answer(422)),
  'keys.create 503 unavailable': () => atClerk(down),
  'keys.list 200': async () => {
    const { token: owner, secret } = await key();
    await api.whoami(secret);
    return await api.list(owner);
  },
  'keys.list 400 limitOutOfRange': () => call('keys.list', { limit: 101 }),
  'keys.list 400 afterUnknown': () => call('keys.list', { after: randomUUID() }),
  'keys.list 400 noOrganization': () => call('keys.list', { owner: 'organization' }),
  'keys.list 401 sessionRefused': () => api.list(''),
  'keys.list 403 roleMissing': () => call('keys.list', { owner: 'organization' }, { token: inOrganization('guest') }),
  'keys.list 500 internal': withoutSecret(() => api.list(token())),
  'keys.list 503 unavailable': withoutTable(() => api.list(token())),
  ...waysForOneKey('keys.get'),
  ...waysForOneKey('keys.usage'),
  ...waysForChange('keys.revoke'),
  ...waysForChange('keys.update', change),
  'keys.update 400 scopeUnknown': () => call('keys.update', { id: randomUUID(), scopes: ['docs:delete'] }),
  'keys.update 409 keyRevoked': () => afterRevocation('keys.update', change),
  ...waysForChange('keys.rotate', grace),
  'keys.rotate 400 gracePeriodMissing': () => call('keys.rotate', { id: randomUUID() }),
  'keys.rotate 409 keyRevoked': () => afterRevocation('keys.rotate', grace),
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
  'keys.whoami 401 keyRefused': () => withKey('keys.whoami'),
  'keys.whoami 429 keyLimited': async () => {
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: '1' });
    const { secret } = await key();
    await api.whoami(secret);
    return await api.whoami(secret);
  },
  'keys.whoami 503 unavailable': async () => {
    const { secret } = await key();
    return await withoutTable(() => api.whoami(secret))();
  },
  'keys.revokeSelf 200': async () => withKey('keys.revokeSelf', (await key()).secret),
  'keys.revokeSelf 401 secretRefused': () => withKey('keys.revokeSelf'),
  'keys.revokeSelf 503 unavailable': async () => {
    const { secret } = await key();
    return await withoutTable(() => withKey('keys.revokeSelf', secret))();
  },
  'health 200': () => api.send({ ...httpApiEvent({ method: 'GET' }), routeKey: 'GET /health', rawPath: '/health' }),
};

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

  it('is tested below, whichever it is', () => {
    expect(Object.keys(ways).sort()).toEqual(shown.map(([which]) => which).sort());
  });

  it.each(shown)('%s is an answer of the server', async (which, example) => {
    const answer = await (ways[which] as () => Promise<Answer>)();
    expect(`${answer.status}`).toBe(which.split(' ')[1]);
    expect(masked(answer)).toEqual(example);
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
