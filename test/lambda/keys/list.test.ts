import { apiForTests, newUser } from '../../support/api-harness';

const api = apiForTests();

const signedIn = (claims = {}) => {
  const user = newUser();
  return { user, token: api.sessions.sign(user, 60, claims) };
};

describe('keys.list', () => {
  it('shows the caller’s active keys, newest first, in exactly the contract’s fields', async () => {
    const { user, token } = signedIn();
    const first = (await api.create('First', { token })).json;
    const second = (await api.create('Second', { token })).json;
    const { status, json, text } = await api.list(token);
    expect(status).toBe(200);
    expect(json.map((key: { name: string }) => key.name)).toEqual(['Second', 'First']);
    expect(Object.keys(json[0])).toEqual([
      'id',
      'clerkUserId',
      'clerkKeyId',
      'name',
      'lastUsedAt',
      'createdAt',
      'revokedAt',
    ]);
    expect(json[1]).toEqual({
      id: first.id,
      clerkUserId: user,
      clerkKeyId: first.clerkKeyId,
      name: 'First',
      lastUsedAt: null,
      createdAt: first.createdAt,
      revokedAt: null,
    });
    expect(text).not.toContain(second.secret.slice(32));
    const digests = (await api.items(user)).map((item) => item.secretDigest?.S ?? '');
    expect(digests.filter((digest) => text.includes(digest))).toEqual([]);
  });

  it('costs one query of the index and asks nobody else', async () => {
    const { token } = signedIn();
    await api.create('Counted', { token });
    api.reset();
    await api.list(token);
    expect(api.dynamodb.calls.map(({ operation }) => operation)).toEqual(['DynamoDB_20120810.Query']);
    expect(JSON.parse(api.dynamodb.calls[0]?.body ?? '')).toMatchObject({ IndexName: 'ActiveKeysByUser' });
    expect([...api.clerk.calls, ...api.secretsManager.calls]).toEqual([]);
  });

  it('is empty for a user without keys', async () => {
    expect(await api.list(signedIn().token)).toMatchObject({ status: 200, text: '[]' });
  });

  it('never shows another user’s keys', async () => {
    await api.create('Private', { token: signedIn().token });
    expect((await api.list(signedIn().token)).json).toEqual([]);
  });

  it('may be looked at by somebody who impersonates the user', async () => {
    const user = newUser();
    await api.create('Seen', { token: api.sessions.sign(user, 60) });
    const impersonated = api.sessions.sign(user, 60, { act: { sub: newUser() } });
    expect((await api.list(impersonated)).json).toMatchObject([{ name: 'Seen' }]);
  });

  it('says when a key was last used, at most a minute behind', async () => {
    const { token } = signedIn();
    const { secret } = (await api.create('Used', { token })).json;
    const before = Date.now();
    await api.whoami(secret);
    const [{ lastUsedAt }] = (await api.list(token)).json;
    expect(Date.parse(lastUsedAt)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(lastUsedAt)).toBeLessThanOrEqual(Date.now());
  });

  it('is 503 while the table does not answer', async () => {
    const { token } = signedIn();
    await api.create('Gone', { token });
    api.dynamodb.fail(/Query/, { kind: 'reset', effect: false }, Number.POSITIVE_INFINITY);
    expect(await api.list(token)).toMatchObject({
      status: 503,
      json: { error: { code: 'SERVICE_UNAVAILABLE' } },
    });
  });

  it('follows the index page by page', async () => {
    const { user, token } = signedIn();
    await api.create('On the second page', { token });
    const empty = {
      Items: [],
      LastEvaluatedKey: { id: { S: '0' }, activeUserId: { S: user }, createdAt: { S: '9' } },
    };
    api.dynamodb.fail(/Query/, {
      kind: 'answer',
      status: 200,
      body: empty,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
    });
    expect((await api.list(token)).json).toMatchObject([{ name: 'On the second page' }]);
    const started = api.dynamodb.calls.filter(({ operation }) => /Query/.test(operation));
    expect(started.map(({ body }) => JSON.parse(body).ExclusiveStartKey)).toEqual([
      undefined,
      { id: { S: '0' }, activeUserId: { S: user }, createdAt: { S: '9' } },
    ]);
  });
});
