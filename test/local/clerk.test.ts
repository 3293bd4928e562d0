import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClerkClient, verifyToken } from '@clerk/backend';
import { ClerkApiKeyRegistry } from '../../local/clerk/api-keys';
import { startClerk } from '../../local/clerk/server';
import { SessionTokens } from '../../local/clerk/session-tokens';
import { ClerkUserRegistry } from '../../local/clerk/users';
import type { LoopbackServer } from '../../local/loopback';
import { newUser } from '../support/api-harness';

const secretKey = 'sk_test_clerk';
const sessions = new SessionTokens('https://clerk.test.example.com', 'https://app.test.example.com');
const users = new ClerkUserRegistry();
let server: LoopbackServer;
beforeAll(async () => {
  server = await startClerk({ secretKeys: [secretKey], sessions, apiKeys: new ClerkApiKeyRegistry(), users });
});
afterAll(() => server.close());

async function call(method: string, path: string, body?: unknown, authorization = `Bearer ${secretKey}`) {
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, json: await response.json() };
}

/** A key with exactly these members, as in the schema of the Backend API, version 2026-05-12. */
const key = (members: object) => ({
  object: 'api_key',
  id: expect.stringMatching(/^ak_[0-9A-Fa-f]{32}$/),
  type: 'api_key',
  description: null,
  claims: null,
  scopes: [],
  revoked: false,
  revocation_reason: null,
  expired: false,
  expiration: null,
  created_by: null,
  last_used_at: null,
  created_at: expect.any(Number),
  updated_at: expect.any(Number),
  ...members,
});
const error = {
  errors: [{ message: expect.any(String), long_message: expect.any(String), code: expect.any(String) }],
};

describe('the stand-in for Clerk', () => {
  it('creates a key and returns its secret in that response only', async () => {
    const subject = newUser();
    const created = await call('POST', '/api_keys', { name: 'Mine', subject });
    const withSecret = key({ name: 'Mine', subject, secret: expect.stringMatching(/^ak_/) });
    expect(created).toEqual({ status: 200, json: withSecret });
    const { id, secret } = created.json;
    const others = [
      await call('GET', `/api_keys?subject=${subject}`),
      await call('GET', `/api_keys/${id}`),
      await call('POST', '/api_keys/verify', { secret }),
      await call('GET', `/api_keys/${id}/secret`),
      await call('POST', `/api_keys/${id}/revoke`, { revocation_reason: 'Test' }),
    ];
    expect(others.map(({ status }) => status)).toEqual([200, 200, 200, 404, 200]);
    expect(others[0]?.json).toEqual({ data: [key({ name: 'Mine', subject })], total_count: 1 });
    expect(others[1]?.json).toEqual(key({ name: 'Mine', subject }));
    expect(JSON.stringify(others)).not.toContain(secret.slice(3));
  });

  it.each([
    ['a name of two characters', { name: 'ab' }],
    ['a name with a space at its end', { name: 'abc ' }],
    ['no name', { name: undefined }],
    ['a malformed subject', { subject: 'user_short' }],
    ['no subject', { subject: undefined }],
    ['an unknown member', { idempotency_key: 'x' }],
    ['a description of 256 characters', { description: 'x'.repeat(256) }],
    ['a scope that is not a string', { scopes: [1] }],
    ['a lifetime of 0', { seconds_until_expiration: 0 }],
  ])('rejects %s with 400 and Clerk’s error format', async (_what, members) => {
    const body = { name: 'Valid', subject: newUser(), ...members };
    expect(await call('POST', '/api_keys', body)).toEqual({ status: 400, json: error });
  });

  it('rejects a name that the subject already uses with 409, until that key is revoked', async () => {
    const body = { name: 'Once', subject: newUser() };
    const first = await call('POST', '/api_keys', body);
    expect(await call('POST', '/api_keys', body)).toEqual({ status: 409, json: error });
    expect((await call('POST', '/api_keys', { ...body, subject: newUser() })).status).toBe(200);
    await call('POST', `/api_keys/${first.json.id}/revoke`, { revocation_reason: null });
    expect((await call('POST', '/api_keys', body)).status).toBe(200);
  });

  it('tells when a key expires, and that it is expired, and accepts its name again', async () => {
    const body = { name: 'Brief', subject: newUser(), seconds_until_expiration: 0.05 };
    const before = Date.now();
    const { json } = await call('POST', '/api_keys', body);
    expect(json.expired).toBe(false);
    expect(json.expiration).toBeGreaterThanOrEqual(before + 50);
    expect(await call('POST', '/api_keys', body)).toEqual({ status: 409, json: error });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect((await call('POST', '/api_keys/verify', { secret: json.secret })).status).toBe(404);
    expect((await call('GET', `/api_keys/${json.id}`)).json).toEqual({ ...json, secret: undefined, expired: true });
    expect((await call('POST', '/api_keys', body)).status).toBe(200);
  });

  it('has keys of organizations, with the user who created them', async () => {
    const [subject, created_by] = [newUser().replace('user', 'org'), newUser()];
    const { json } = await call('POST', '/api_keys', { name: 'Ours', subject, created_by });
    expect(json).toMatchObject({ subject, created_by });
    expect((await call('GET', `/api_keys?subject=${subject}`)).json.total_count).toBe(1);
    expect((await call('GET', `/api_keys?subject=${created_by}`)).json.total_count).toBe(0);
  });

  it('knows its users, whether they are banned, and that they are deleted', async () => {
    const id = newUser();
    const user = () => call('GET', `/v1/users/${id}`);
    expect((await user()).json).toMatchObject({ object: 'user', id, banned: false, locked: false });
    users.ban(id);
    expect((await user()).json).toMatchObject({ id, banned: true });
    users.unban(id);
    expect((await user()).json).toMatchObject({ id, banned: false });
    users.delete(id);
    expect(await user()).toEqual({ status: 404, json: error });
    expect(() => users.ban(id)).toThrow(`No user was found with id ${id}.`);
  });

  it('lists valid keys newest first, in pages, and revoked ones on request', async () => {
    const subject = newUser();
    const ids: string[] = [];
    for (const name of ['One', 'Two', 'Three', 'Four'].map((number) => `Key ${number}`)) {
      ids.unshift((await call('POST', '/api_keys', { name, subject })).json.id);
    }
    const list = async (query: string) => {
      const { json } = await call('GET', `/api_keys?subject=${subject}${query}`);
      return [json.data.map(({ id }: { id: string }) => id), json.total_count];
    };
    expect(await list('')).toEqual([ids, 4]);
    expect(await list('&limit=2&offset=1')).toEqual([ids.slice(1, 3), 4]);
    await call('POST', `/api_keys/${ids[0]}/revoke`, {});
    expect(await list('')).toEqual([ids.slice(1), 3]);
    expect(await list('&include_invalid=true')).toEqual([ids, 4]);
    expect((await call('GET', '/api_keys')).status).toBe(400);
    expect((await call('GET', `/api_keys?subject=${subject}&limit=101`)).status).toBe(400);
  });

  it.each([
    ['GET', '/api_keys/ak_00000000000000000000000000000000', 404],
    ['POST', '/api_keys/ak_00000000000000000000000000000000/revoke', 404],
    ['GET', '/api_keys/key', 400],
    ['GET', '/v1/users', 404],
    ['GET', '/v1/users/bob', 404],
    ['POST', '/v1/users/user_000000000000000000000000000/ban', 404],
    ['POST', '/api_keys', 400, '{"name"'],
  ])('%s %s is %i', async (method, path, status, body = method === 'POST' ? '{}' : undefined) => {
    expect(await call(method, path, body)).toEqual({ status, json: error });
  });

  it('rejects a request with another secret key', async () => {
    const answer = await call('GET', `/api_keys?subject=${newUser()}`, undefined, 'Bearer sk_test_other');
    expect(answer).toEqual({ status: 401, json: error });
  });

  it('signs tokens that Clerk’s own verifier accepts, with the PEM key and with the key set', async () => {
    const user = newUser();
    const token = sessions.sign(user, 60);
    expect(await verifyToken(token, { jwtKey: sessions.publicKey })).toMatchObject({ sub: user });
    expect(await verifyToken(token, { secretKey, apiUrl: server.url })).toMatchObject({ sub: user });
  });

  it('works with Clerk’s own client', async () => {
    const client = createClerkClient({ secretKey, apiUrl: server.url, telemetry: { disabled: true } });
    const { apiKeys } = client;
    const created = await apiKeys.create({ name: 'By the SDK', subject: newUser(), claims: { keyId: 'x' } });
    expect(created).toMatchObject({ name: 'By the SDK', claims: { keyId: 'x' }, secret: expect.any(String) });
    const revoked = await apiKeys.revoke({ apiKeyId: created.id, revocationReason: 'Test' });
    expect(revoked).toMatchObject({ revoked: true });
    const id = newUser();
    users.ban(id);
    expect(await client.users.getUser(id)).toMatchObject({ id, banned: true });
  });

  it('stores its keys and users in files without secrets, and ignores a line that a crash cut off', () => {
    const directory = mkdtempSync(join(tmpdir(), 'satori-keys-test-'));
    const file = join(directory, 'keys.jsonl');
    const subject = newUser();
    const { secret, id } = new ClerkApiKeyRegistry(file).create({ name: 'Kept', subject });
    appendFileSync(file, '{"key":{"id":"ak_');
    const reopened = new ClerkApiKeyRegistry(file);
    expect(reopened.verify({ secret })).toMatchObject({ id });
    reopened.create({ name: 'Next', subject });
    expect(new ClerkApiKeyRegistry(file).list({ subject }).total_count).toBe(2);
    const stored = join(directory, 'users.jsonl');
    new ClerkUserRegistry(stored).ban(subject);
    expect(new ClerkUserRegistry(stored).get(subject).banned).toBe(true);
    rmSync(directory, { recursive: true });
  });
});
