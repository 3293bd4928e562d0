import { createAuthorizer } from '../../../lambda/authorizer/authorizer';
import { KeyVerifier } from '../../../lambda/keys/verifier';
import { createMetrics } from '../../../lambda/shared/metrics';
import { apiForTests } from '../../support/api-harness';
import { logTo } from '../../support/environment';
import { always, hang } from '../../support/expected';
import { lambdaContext } from '../../support/http-api-events';

const api = apiForTests();

const lines: Record<string, unknown>[] = [];
const log = logTo(lines);

/** An authorizer event of payload format 2.0, as documented by AWS. */
const event = (headers: Record<string, string>) => ({
  version: '2.0',
  type: 'REQUEST',
  routeArn: 'arn:aws:execute-api:us-east-1:123456789012:abcdef123/$default/GET/hello',
  identitySource: Object.values(headers),
  routeKey: 'GET /hello',
  rawPath: '/hello',
  headers,
  requestContext: { requestId: 'JKJaXmPLvHcESHA=' },
});

const authorizerWith = (requestsPerMinute = 100, requiredScopes: string[] = []) => {
  const { keys, uses } = api.repositories();
  const metrics = createMetrics('authorizer');
  const options = { keyPrefixes: ['sk_satori'], requestsPerMinute };
  return createAuthorizer(new KeyVerifier(keys, uses, options, metrics), requiredScopes, log, metrics);
};
/** Asks an authorizer about a key. */
const ask = (authorize: ReturnType<typeof authorizerWith>, key: string, remainingMs?: number) =>
  authorize(event({ 'x-api-key': key }), lambdaContext(remainingMs));

describe('the authorizer', () => {
  it('accepts a key and returns its ID, owner and name', async () => {
    const { user, id, secret } = await api.newKey();
    expect(await ask(authorizerWith(), secret)).toEqual({
      isAuthorized: true,
      context: { clerkUserId: user, keyId: id, name: 'Production Key', scopes: [] },
    });
  });

  it.each<[held: string[], required: string[], isAuthorized: boolean]>([
    [[], ['docs:read'], false],
    [['docs:write'], ['docs:read'], false],
    [['docs:read'], ['docs:read'], true],
    [['docs:read'], ['docs:read', 'docs:write'], false],
    [['docs:write', 'docs:read'], ['docs:read', 'docs:write'], true],
    [['docs:read'], [], true],
    [[], ['docs'], false],
    [['docs:read'], ['docs'], false],
  ])('of a key with the scopes %j, where %j are required, says %s', async (scopes, requiredScopes, isAuthorized) => {
    const { token } = api.signedIn();
    const { json: key } = await api.call('create', { name: 'Scoped', scopes }, { token });
    lines.length = 0;
    const verdict = await ask(authorizerWith(100, requiredScopes), key.secret);
    expect(verdict).toMatchObject(isAuthorized ? { isAuthorized, context: { scopes } } : { isAuthorized });
    expect(lines).toMatchObject([
      isAuthorized ? { outcome: 'accepted' } : { outcome: 'denied', error: 'InsufficientScope', keyId: key.id },
    ]);
  });

  it('follows a change of the scopes on the very next request', async () => {
    const { token, id, secret } = await api.newKey();
    const authorize = authorizerWith(100, ['docs:read']);
    const verdicts = [await ask(authorize, secret)];
    for (const scopes of [['docs:read'], []]) {
      await api.call('update', { id, scopes }, { token });
      verdicts.push(await ask(authorize, secret));
    }
    expect(verdicts.map((verdict) => verdict.isAuthorized)).toEqual([false, true, false]);
  });

  it('names the organization of a key', async () => {
    const { user, org, token } = api.memberOf('admin');
    const { json: key } = await api.call('create', { name: 'Ours', owner: 'organization' }, { token });
    expect(await ask(authorizerWith(), key.secret)).toEqual({
      isAuthorized: true,
      context: { clerkUserId: user, clerkOrgId: org, keyId: key.id, name: 'Ours', scopes: [] },
    });
  });

  it('denies a missing or malformed key without a call', async () => {
    const authorize = authorizerWith();
    for (const headers of [{}, { 'x-api-key': '' }, { 'x-api-key': 'sk_satori_x' }, { authorization: 'Bearer x' }]) {
      expect(await authorize(event(headers as Record<string, string>), lambdaContext())).toEqual({
        isAuthorized: false,
      });
    }
    expect(api.dynamodb.calls).toEqual([]);
  });

  it('accepts the events of local emulators, with null for absent members and other header names', async () => {
    const { secret } = await api.newKey();
    const authorize = authorizerWith();
    const known = { headers: { 'X-Api-Key': secret, 'x-other': null }, pathParameters: null, requestContext: null };
    expect(await authorize(known, lambdaContext())).toMatchObject({ isAuthorized: true });
    for (const odd of [
      {},
      null,
      { headers: null },
      { headers: { 'x-api-key': null } },
      { headers: { 'x-api-key': 7 } },
    ]) {
      expect(await authorize(odd, lambdaContext())).toEqual({ isAuthorized: false });
    }
  });

  it('denies a revoked key on the very next request', async () => {
    const { token, id, secret } = await api.newKey();
    const authorize = authorizerWith();
    await ask(authorize, secret);
    await api.revoke(id, token);
    expect(await ask(authorize, secret)).toEqual({ isAuthorized: false });
  });

  it('shares the limit of the key with the API', async () => {
    const { secret } = await api.newKey();
    const authorize = authorizerWith(2);
    await api.whoami(secret);
    const verdicts = [await ask(authorize, secret), await ask(authorize, secret)];
    expect(verdicts.map(({ isAuthorized }) => isAuthorized)).toEqual([true, false]);
  });

  it('fails while the table does not answer, so the gateway responds with 500', async () => {
    const { secret } = await api.newKey();
    api.dynamodb.fail(/./, hang, always);
    const startedAt = Date.now();
    const verdict = ask(authorizerWith(), secret, 1_000);
    await expect(verdict).rejects.toThrow(new Error('The key could not be verified'));
    expect(Date.now() - startedAt).toBeLessThan(1_000);
  });

  it('logs one line per verification, with its outcome and its metrics', async () => {
    const { user, id, secret } = await api.newKey();
    const authorize = authorizerWith(1);
    lines.length = 0;
    await ask(authorize, secret);
    await ask(authorize, secret);
    expect(lines).toMatchObject([
      { message: 'verification', outcome: 'accepted', keyOwnerId: user, keyId: id, VerificationsAccepted: 1 },
      { message: 'verification', outcome: 'denied', error: 'KeyLimited', keyId: id, VerificationsLimited: 1 },
    ]);
    expect(lines).toHaveLength(2);
  });

  it('logs the stack of an unexpected error without its message', async () => {
    const { secret } = await api.newKey();
    jest.spyOn(KeyVerifier.prototype, 'verify').mockRejectedValueOnce(new TypeError('secret text'));
    lines.length = 0;
    await expect(ask(authorizerWith(), secret)).rejects.toThrow();
    expect(lines).toMatchObject([
      {
        level: 'error',
        outcome: 'undecided',
        error: 'TypeError',
        stack: expect.arrayContaining([expect.stringMatching(/^at /)]),
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret text');
  });

  it('logs the reason for a denial and not the key', async () => {
    const { secret } = await api.newKey();
    lines.length = 0;
    await authorizerWith()(event({ 'x-api-key': `${secret}x` }), lambdaContext());
    expect(lines).toMatchObject([
      {
        level: 'info',
        message: 'verification',
        requestId: 'JKJaXmPLvHcESHA=',
        outcome: 'denied',
        error: 'KeyRefused',
        reason: 'malformed',
        VerificationsDenied: 1,
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain(secret.slice(-20));
  });
});
