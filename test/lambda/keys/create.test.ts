import { createHash } from 'node:crypto';
import { apiForTests, newUser } from '../../support/api-harness';

const api = apiForTests();

const signedIn = (user = newUser()) => ({ user, token: api.sessions.sign(user, 60) });

describe('a key', () => {
  it('is answered in exactly the six fields of the contract, in their order', async () => {
    const { user, token } = signedIn();
    const { status, json } = await api.create('Production Key', { token });
    expect(status).toBe(200);
    expect(Object.keys(json)).toEqual(['id', 'clerkUserId', 'clerkKeyId', 'name', 'secret', 'createdAt']);
    expect(json).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      clerkUserId: user,
      clerkKeyId: expect.stringMatching(/^ak_[0-9a-f]{32}$/),
      name: 'Production Key',
      secret: expect.stringMatching(/^sk_satori_[0-9A-Za-z]{22}[\w-]{32}[0-9A-Za-z]{6}$/),
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });

  it('is stored with the SHA-256 of its secret and never with the secret', async () => {
    const { user, token } = signedIn();
    const { json } = await api.create('Stored', { token });
    const digest = createHash('sha256').update(json.secret).digest('hex');
    expect(await api.items(user)).toEqual([
      {
        id: { S: json.id },
        clerkUserId: { S: user },
        activeUserId: { S: user },
        clerkKeyId: { S: json.clerkKeyId },
        name: { S: 'Stored' },
        secretDigest: { S: digest },
        createdAt: { S: json.createdAt },
      },
    ]);
  });

  it('holds Clerk’s own secret, so that Clerk can be asked about it', async () => {
    const { token } = signedIn();
    const { json } = await api.create('For Clerk', { token });
    const clerkSecret = `ak_${json.secret.slice('sk_satori_'.length + 22, -6)}`;
    expect(api.apiKeys.verify({ secret: clerkSecret })).toMatchObject({
      id: json.clerkKeyId,
      name: 'For Clerk',
    });
  });

  it('carries the record’s id and the stage at Clerk', async () => {
    const { user, token } = signedIn();
    const { json } = await api.create('Claimed', { token });
    expect(api.clerkKeys(user)).toMatchObject([
      { name: 'Claimed', claims: { keyId: json.id, stage: 'test' } },
    ]);
  });

  it('belongs to the token’s user, whatever the body says', async () => {
    const { user, token } = signedIn();
    const other = newUser();
    const body = JSON.stringify({ name: 'Mine', clerkUserId: other, userId: other, subject: other });
    const { json } = await api.create('', { token, body });
    expect(json.clerkUserId).toBe(user);
    expect(await api.items(other)).toEqual([]);
    expect(api.clerkKeys(other)).toEqual([]);
  });

  it('costs one call to Clerk and one to DynamoDB', async () => {
    const { token } = signedIn();
    await api.create('Counted', { token });
    expect(api.clerk.calls.map((call) => call.operation)).toEqual(['POST /api_keys']);
    expect(api.dynamodb.calls.map((call) => call.operation)).toEqual(['DynamoDB_20120810.PutItem']);
  });
});

describe('a name', () => {
  it.each([
    ['edge spaces', '  Spaced \t', 'Spaced'],
    ['a decomposed é', 'Cafe\u0301', 'Café'],
    ['three code points', 'abc', 'abc'],
    ['three emoji', '🔑🔑🔑', '🔑🔑🔑'],
    ['100 code points beyond the BMP', '🔑'.repeat(100), '🔑'.repeat(100)],
    ['a family joined by zero-width joiners', '👨‍👩‍👧 key', '👨‍👩‍👧 key'],
    ['Arabic', 'مفتاح الإنتاج', 'مفتاح الإنتاج'],
    ['quotes and angle brackets', '"<b>key</b>"', '"<b>key</b>"'],
  ])('with %s is taken', async (_what, given, stored) => {
    const { user, token } = signedIn();
    const { status, json } = await api.create(given, { token });
    expect({ status, name: json.name }).toEqual({ status: 200, name: stored });
    expect((await api.items(user))[0]?.name).toEqual({ S: stored });
  });

  const unfit =
    'name must not hold control characters, line separators, bidirectional overrides or lone surrogates';
  it.each([
    ['missing', '{}', 'name is required'],
    ['missing with the whole body', undefined, 'name is required'],
    ['null', '{"name":null}', 'name must be a string'],
    ['a number', '{"name":12345}', 'name must be a string'],
    ['an array', '{"name":["abc"]}', 'name must be a string'],
    ['empty', '{"name":""}', 'name must be at least 3 characters'],
    ['two code points', '{"name":"🔑🔑"}', 'name must be at least 3 characters'],
    ['short once trimmed', '{"name":"  ab  "}', 'name must be at least 3 characters'],
    ['short once composed', '{"name":"ae\\u0301"}', 'name must be at least 3 characters'],
    ['101 code points', JSON.stringify({ name: 'x'.repeat(101) }), 'name must be at most 100 characters'],
    ['a control character inside', '{"name":"ab\\u0000cd"}', unfit],
    ['a line break inside', '{"name":"ab\\ncd"}', unfit],
    ['a line separator inside', '{"name":"ab\\u2028cd"}', unfit],
    ['a paragraph separator inside', '{"name":"ab\\u2029cd"}', unfit],
    ['a right-to-left override', '{"name":"ab\\u202Ecd"}', unfit],
    ['a bidirectional isolate', '{"name":"ab\\u2066cd"}', unfit],
    ['a lone surrogate', '{"name":"ab\\ud800cd"}', unfit],
    ['in an array', '[{"name":"abc"}]', 'the input must be an object'],
    ['a bare string', '"abc"', 'the input must be an object'],
    ['in broken JSON', '{"name":"abc"', 'not valid JSON'],
  ])('that is %s is refused and nothing is called', async (_what, body, message) => {
    const { token } = signedIn();
    await api.create('Warm', { token });
    api.reset();
    const { status, text } = await api.create('', { token, body });
    expect({ status, text }).toEqual({
      status: 400,
      text: `{"error":{"message":"Invalid input: ${message}","code":"BAD_REQUEST"}}`,
    });
    expect([...api.clerk.calls, ...api.dynamodb.calls, ...api.secretsManager.calls]).toEqual([]);
  });

  it('that is taken is 409, and the first key stays the only one', async () => {
    const { user, token } = signedIn();
    await api.create('Twice', { token });
    const { status, text } = await api.create('Twice', { token });
    expect({ status, text }).toEqual({
      status: 409,
      text: '{"error":{"message":"An API key named \\"Twice\\" already exists","code":"CONFLICT"}}',
    });
    expect(await api.items(user)).toHaveLength(1);
    expect(api.clerkKeys(user)).toHaveLength(1);
  });

  it('of one user does not stand in another’s way', async () => {
    await api.create('Shared', signedIn());
    expect((await api.create('Shared', signedIn())).status).toBe(200);
  });
});
