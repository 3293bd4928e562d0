import { createHash } from 'node:crypto';
import { withChecksum } from '../../../lambda/keys/secret';
import { apiForTests, newUser } from '../../support/api-harness';
import { failure, invalidInput, laterBy, noResponse, soon, tooManyRequests } from '../../support/expected';

const api = apiForTests();

describe('a key', () => {
  it('is returned in exactly the six fields of the contract, in order', async () => {
    const { user, token } = api.signedIn();
    const { status, json } = await api.create('Production Key', { token });
    expect(status).toBe(200);
    expect(Object.keys(json)).toEqual(['id', 'clerkUserId', 'clerkKeyId', 'name', 'secret', 'createdAt']);
    expect(json).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      clerkUserId: user,
      clerkKeyId: expect.stringMatching(/^ak_[0-9a-f]{32}$/),
      name: 'Production Key',
      secret: expect.stringMatching(/^sk_satori_[0-7][0-9A-Za-z]{21}_[0-9A-Za-z]{38}$/),
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });

  it('is stored with the SHA-256 of its secret and never with the secret', async () => {
    const { user, token } = api.signedIn();
    const { json } = await api.create('Stored', { token });
    const digest = createHash('sha256').update(json.secret).digest('hex');
    expect(await api.items(user)).toEqual([
      {
        id: json.id,
        ownerId: user,
        clerkUserId: user,
        clerkKeyId: json.clerkKeyId,
        name: 'Stored',
        scopes: [],
        hint: `${json.secret.slice(0, 14)}…${json.secret.slice(-4)}`,
        secretDigest: digest,
        secretNumber: 1,
        createdAt: json.createdAt,
        version: 1,
      },
    ]);
    expect(await api.collection(user)).toMatchObject([
      { sk: `key#${json.createdAt}#${json.id}`, ownerId: user, id: json.id, name: 'Stored' },
      { sk: 'owner', attempts: 1 },
    ]);
    expect(JSON.stringify(await api.everything())).not.toContain(json.secret.slice(33));
  });

  it('has a secret that is independent of the secret of its Clerk key', async () => {
    const { user, token } = api.signedIn();
    const { json } = await api.create('Not rebuilt', { token });
    const [answer = ''] = api.clerk.answers;
    const clerkSecret = String(JSON.parse(answer).secret);
    expect(clerkSecret).toMatch(/^ak_.{32}$/);
    // Clerk's secret does not verify as the random part of the key, and appears nowhere in the service.
    const random = clerkSecret.slice('ak_'.length);
    const start = json.secret.slice(0, 33);
    expect((await api.whoami(withChecksum(start + random))).status).toBe(401);
    for (const text of [JSON.stringify(await api.everything()), JSON.stringify(api.logged), json.secret]) {
      expect(text).not.toContain(random);
    }
    expect(api.clerkKeys(user)).toHaveLength(1);
  });

  it('has a Clerk key with its id and the same deployment id in every process, and the user as its creator', async () => {
    const { user, token } = api.signedIn();
    const { json: first } = await api.create('First', { token });
    api.coldStart();
    const { json: second } = await api.create('Second', { token });
    const service = (await api.everything()).find(({ pk }) => pk === 'service');
    const keys = [second, first].map(({ id, name }) => ({
      name,
      created_by: user,
      claims: { keyId: id, deploymentId: service?.deploymentId },
      description: null,
      scopes: [],
    }));
    expect(api.clerkKeys(user)).toHaveLength(2);
    expect(api.clerkKeys(user)).toMatchObject(expect.arrayContaining(keys.map((key) => expect.objectContaining(key))));
    expect(service?.deploymentId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('belongs to the token’s user, whatever the body says', async () => {
    const { user, token } = api.signedIn();
    const other = newUser();
    const body = JSON.stringify({ name: 'Mine', clerkUserId: other, userId: other, subject: other });
    const { json } = await api.create('', { token, body });
    expect(json.clerkUserId).toBe(user);
    expect(await api.items(other)).toEqual([]);
    expect(api.clerkKeys(other)).toEqual([]);
  });

  it('is four calls to DynamoDB and one to Clerk, in this order', async () => {
    const { user, token } = api.signedIn();
    await api.create('First', { token });
    api.reset();
    let before: string[] = [];
    api.clerk.afterEffectOf(/POST/, () => {
      before = api.steps();
    });
    await api.create('Counted', { token: api.sessions.sign(user, 60) });
    expect(api.clerk.calls.map((call) => call.operation)).toEqual(['POST /api_keys']);
    // The owner's hour is running, so the attempt takes a second write.
    const first = ['UpdateItem owner', 'UpdateItem owner', 'PutItem entry', 'Query owner'];
    expect(before).toEqual(first);
    expect(api.steps()).toEqual([...first, 'PutItem key']);
  });

  it('and its use each fit in one write unit of 1 KB with the longest name', async () => {
    const { user, token } = api.signedIn();
    const { json } = await api.create('🔑'.repeat(100), { token });
    await api.whoami(json.secret);
    const size = (item: object = {}) =>
      Object.entries(item).reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(String(value)), 0);
    const items = await api.everything();
    expect(size(items.find(({ pk }) => pk === `key#${json.id}`))).toBeLessThan(1024);
    expect(size(items.find(({ pk }) => pk === json.id))).toBeLessThan(1024);
    expect(user).toHaveLength(32);
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
    ['Hebrew', 'מפתח ייצור', 'מפתח ייצור'],
    ['Persian and its non-joiner', 'کلید می\u200cخواهم', 'کلید می\u200cخواهم'],
    ['a Persian abbreviation, whose joiner is before a space', 'ه\u200d ۱۴۰۳', 'ه\u200d ۱۴۰۳'],
    ['Hindi and its joiner and non-joiner', 'क्\u200dष क्\u200cष', 'क्\u200dष क्\u200cष'],
    ['Japanese and an ideographic variation', '葛\u{e0100}城の鍵', '葛\u{e0100}城の鍵'],
    ['a couple with a heart', 'Key 👩\u200d❤\ufe0f\u200d👨', 'Key 👩\u200d❤\ufe0f\u200d👨'],
    ['a rainbow flag', '🏳\ufe0f\u200d🌈 key', '🏳\ufe0f\u200d🌈 key'],
    ['keycaps', '1\ufe0f\u20e32\ufe0f\u20e3', '1\ufe0f\u20e32\ufe0f\u20e3'],
    ['flags of regions', '🇩🇪🇫🇷 key', '🇩🇪🇫🇷 key'],
    ['an emoji with its selector at the end', 'Cloud ☁\ufe0f', 'Cloud ☁\ufe0f'],
    ['a skin tone', 'Key 👍🏽', 'Key 👍🏽'],
    ['blanks of Braille between letters', '⠅\u2800⠑\u2800⠽', '⠅\u2800⠑\u2800⠽'],
    ['quotes and angle brackets', '"<b>key</b>"', '"<b>key</b>"'],
  ])('with %s is accepted', async (_what, given, stored) => {
    const { user, token } = api.signedIn();
    const { status, json } = await api.create(given, { token });
    expect({ status, name: json.name }).toEqual({ status: 200, name: stored });
    expect((await api.items(user))[0]?.name).toBe(stored);
  });

  const forbidden = 'name must not contain control characters, or characters that hide or reorder text';
  const hiding: [string, string][] = [
    ['only Hangul fillers', '\u3164\u3164\u3164'],
    ['only halfwidth Hangul fillers', '\uffa0\uffa0\uffa0'],
    ['only Hangul jamo fillers', '\u115f\u1160\u115f'],
    ['only zero-width spaces', '\u200b\u200b\u200b'],
    ['only Braille blanks', '\u2800\u2800\u2800'],
    ['only null noteheads', '\u{1d159}\u{1d159}\u{1d159}'],
    ['only joiners', '\u200d\u200c\u200d'],
    ['only variation selectors', '\ufe0f\ufe0f\ufe0f'],
    [
      'text in tag characters',
      `Key${[...'secret'].map((c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('')} one`,
    ],
    ['the flag of England, which has tag characters', '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} key'],
    ['text in variation selectors', 'Key 😀\u{e0143}\u{e0155}\u{e0153} one'],
    ['a selector after a space', 'Key \ufe0fone'],
    ['a selector at its start', '\ufe0fKey'],
    ['a joiner at its start', '\u200dKey'],
    ['a joiner at its end', 'Key\u200d'],
    ['a non-joiner before spaces at its end', 'Key\u200c  '],
    ['a joiner after a space', 'Key \u200done'],
    ['two joiners in a row', 'Key\u200d\u200done'],
    ['a Braille blank at its end', 'Key\u2800'],
    ...[
      0x00ad, 0x034f, 0x061c, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b, 0x180e, 0x180f, 0x200b, 0x200e, 0x200f, 0x202a,
      0x2060, 0x2064, 0x206f, 0x3164, 0xfeff, 0xffa0, 0xfff9, 0xfffb, 0xfdd0, 0xffff, 0x1bca0, 0x1d173, 0x1fffe,
      0xe0001, 0xe0fff, 0x10ffff,
    ].map((code): [string, string] => [`U+${code.toString(16)} inside`, `ab${String.fromCodePoint(code)}cd`]),
  ];
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
    ['a control character inside', '{"name":"ab\\u0000cd"}', forbidden],
    ['a line break inside', '{"name":"ab\\ncd"}', forbidden],
    ['a line separator inside', '{"name":"ab\\u2028cd"}', forbidden],
    ['a paragraph separator inside', '{"name":"ab\\u2029cd"}', forbidden],
    ['a right-to-left override', '{"name":"ab\\u202Ecd"}', forbidden],
    ['a bidirectional isolate', '{"name":"ab\\u2066cd"}', forbidden],
    ['a lone surrogate', '{"name":"ab\\ud800cd"}', forbidden],
    ...hiding.map(([what, name]): [string, string, string] => [what, JSON.stringify({ name }), forbidden]),
    ['in an array', '[{"name":"abc"}]', 'the input must be an object'],
    ['a bare string', '"abc"', 'the input must be an object'],
    ['in broken JSON', '{"name":"abc"', 'not valid JSON'],
  ])('that is %s is refused without a call', async (_what, body, message) => {
    const { token } = api.signedIn();
    await api.list(token);
    api.reset();
    expect(await api.create('', { token, body })).toMatchObject(invalidInput(message));
    expect(api.allCalls()).toEqual([]);
  });

  it('that is in use is 409 without a call to Clerk, creates no second key, and is free for another user', async () => {
    const { user, token } = api.signedIn();
    await api.create('Twice', { token });
    const taken = failure(409, 'CONFLICT', 'An API key named "Twice" already exists');
    expect(await api.create('Twice', { token })).toMatchObject(taken);
    expect(await api.items(user)).toHaveLength(1);
    expect(await api.collection(user)).toHaveLength(2);
    expect(api.clerkKeys(user)).toHaveLength(1);
    expect(api.clerk.calls).toHaveLength(1);
    expect((await api.create('Twice', api.signedIn())).status).toBe(200);
  });
});

describe('the number of keys of an owner', () => {
  const reached = failure(409, 'CONFLICT', 'You have reached the limit of 3 API keys');

  it('has a limit, and revoked keys do not count', async () => {
    api.coldStart({ MAX_KEYS_PER_OWNER: '3' });
    const { user, token } = api.signedIn();
    const { id } = (await api.create('Key 1', { token })).json;
    for (const name of ['Key 2', 'Key 3']) expect((await api.create(name, { token })).status).toBe(200);
    api.reset();
    expect(await api.create('Key 4', { token })).toMatchObject(reached);
    expect(api.clerk.calls).toEqual([]);
    expect(await api.entries(user)).toHaveLength(3);
    api.clerk.fail(/revoke$/, noResponse);
    await api.revoke(id, token);
    expect((await api.create('Key 4', { token })).status).toBe(200);
  });

  it('is never exceeded by concurrent creations', async () => {
    api.coldStart({ MAX_KEYS_PER_OWNER: '3' });
    const { user, token } = api.signedIn();
    const names = ['Key 1', 'Key 2', 'Key 3', 'Key 4', 'Key 5', 'Key 6'];
    const answers = await Promise.all(names.map((name) => api.create(name, { token })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set(answers.some(({ status }) => status === 200) ? [200, 409] : [409]),
    );
    expect((await api.items(user)).length).toBeLessThanOrEqual(3);
    expect(api.clerkKeys(user)).toHaveLength((await api.items(user)).length);
  });

  it.each([
    ['after 60 seconds', 61_000],
    ['of a host whose clock was a year ahead', -365 * 86_400_000],
  ])('does not count an entry without a key %s', async (_what, age) => {
    api.coldStart({ MAX_KEYS_PER_OWNER: '1' });
    const { user, token } = api.signedIn();
    const createdAt = new Date(Date.now() - age).toISOString();
    const entry = { ownerId: user, id: '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f', name: 'Abandoned', createdAt };
    await api.repositories().owners.addEntry(entry, soon());
    expect((await api.create('Key 1', { token })).status).toBe(200);
  });
});

describe('the attempts of an owner per hour', () => {
  afterEach(() => jest.restoreAllMocks());

  it('have a limit, which includes failed attempts: 429 with Retry-After, and nothing is created', async () => {
    api.coldStart({ KEYS_PER_OWNER_PER_HOUR: '3' });
    const { user, token } = api.signedIn();
    await api.create('Key 1', { token });
    await api.create('Key 1', { token });
    await api.create('Key 2', { token });
    api.reset();
    const { headers, ...limited } = await api.create('Key 3', { token });
    expect(limited).toMatchObject(tooManyRequests);
    expect(Number(headers['retry-after'])).toBeGreaterThan(3_500);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(3_600);
    expect(api.steps()).toEqual(['UpdateItem owner']);
    expect(api.clerk.calls).toEqual([]);
    expect(await api.items(user)).toHaveLength(2);
  });

  it('are limited exactly when they are concurrent', async () => {
    api.coldStart({ KEYS_PER_OWNER_PER_HOUR: '5' });
    const { token } = api.signedIn();
    const names = Array.from({ length: 9 }, (_, n) => `Key ${n}`);
    const answers = await Promise.all(names.map((name) => api.create(name, { token })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(4);
  });

  it('start again after an hour and are counted per owner', async () => {
    api.coldStart({ KEYS_PER_OWNER_PER_HOUR: '1' });
    const { user, token } = api.signedIn();
    await api.create('Key 1', { token });
    expect((await api.create('Key 2', { token })).status).toBe(429);
    expect((await api.create('Key 1', api.signedIn())).status).toBe(200);
    const laterToken = api.sessions.sign(user, 7_200);
    laterBy(3_601_000);
    expect((await api.create('Key 2', { token: laterToken })).status).toBe(200);
  });

  it('are not blocked by a host whose clock is a day ahead', async () => {
    api.coldStart({ KEYS_PER_OWNER_PER_HOUR: '1' });
    const { user } = api.signedIn();
    const { owners } = api.repositories();
    laterBy(86_400_000);
    await owners.countAttempt(user, 1, soon());
    jest.restoreAllMocks();
    expect((await api.create('Key 1', { token: api.sessions.sign(user, 60) })).status).toBe(200);
  });
});
