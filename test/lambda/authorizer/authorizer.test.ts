import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { createAuthorizer } from '../../../lambda/authorizer/authorizer';
import { KeyStore } from '../../../lambda/keys/repository/key-store';
import { KeyVerifier } from '../../../lambda/keys/verifier';
import type { Log } from '../../../lambda/shared/logger';
import { createMetrics } from '../../../lambda/shared/metrics';
import { apiForTests, newUser } from '../../support/api-harness';
import { lambdaContext } from '../../support/http-api-events';

const api = apiForTests();

const lines: unknown[] = [];
const line = (level: string) => (message: string, fields?: object) =>
  void lines.push({ level, message, ...fields });
const log: Log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };

/** The event of payload format 2.0, as AWS documents it; members that matter. */
const event = (headers: Record<string, string>) =>
  ({
    version: '2.0',
    type: 'REQUEST',
    routeArn: 'arn:aws:execute-api:us-east-1:123456789012:abcdef123/$default/GET/hello',
    identitySource: Object.values(headers),
    routeKey: 'GET /hello',
    rawPath: '/hello',
    headers,
    requestContext: { requestId: 'JKJaXmPLvHcESHA=' },
  }) as unknown as APIGatewayRequestAuthorizerEventV2;

const authorizerWith = (requestsPerMinute = 100) => {
  const store = new KeyStore(new DynamoDBClient({}), api.table.tableName);
  const metrics = createMetrics('authorizer');
  return createAuthorizer(
    new KeyVerifier(store, { keyPrefix: 'sk_satori', requestsPerMinute }, metrics),
    log,
    metrics,
  );
};
async function newKey() {
  const user = newUser();
  const token = api.sessions.sign(user, 60);
  return { user, token, ...(await api.create('Production Key', { token })).json };
}

describe('the authorizer', () => {
  it('lets a key pass and says whose it is', async () => {
    const { user, id, secret } = await newKey();
    expect(await authorizerWith()(event({ 'x-api-key': secret }), lambdaContext())).toEqual({
      isAuthorized: true,
      context: { clerkUserId: user, keyId: id, name: 'Production Key' },
    });
  });

  it('denies what is no key, and says no more', async () => {
    const authorize = authorizerWith();
    for (const headers of [
      {},
      { 'x-api-key': '' },
      { 'x-api-key': 'sk_satori_x' },
      { authorization: 'Bearer x' },
    ]) {
      expect(await authorize(event(headers as Record<string, string>), lambdaContext())).toEqual({
        isAuthorized: false,
      });
    }
    expect(api.dynamodb.calls).toEqual([]);
  });

  it('denies a revoked key on the very next request', async () => {
    const { token, id, secret } = await newKey();
    const authorize = authorizerWith();
    await authorize(event({ 'x-api-key': secret }), lambdaContext());
    await api.revoke(id, token);
    expect(await authorize(event({ 'x-api-key': secret }), lambdaContext())).toEqual({ isAuthorized: false });
  });

  it('counts together with all else that the key is used for', async () => {
    const { secret } = await newKey();
    const authorize = authorizerWith(2);
    await api.whoami(secret);
    const verdicts = [
      await authorize(event({ 'x-api-key': secret }), lambdaContext()),
      await authorize(event({ 'x-api-key': secret }), lambdaContext()),
    ];
    expect(verdicts.map(({ isAuthorized }) => isAuthorized)).toEqual([true, false]);
  });

  it('fails, rather than denies, while nobody can tell: the gateway makes it a 500', async () => {
    const { secret } = await newKey();
    api.dynamodb.fail(/./, { kind: 'hang', effect: false }, Number.POSITIVE_INFINITY);
    const startedAt = Date.now();
    const verdict = authorizerWith()(event({ 'x-api-key': secret }), lambdaContext(1_000));
    await expect(verdict).rejects.toThrow(new Error('The key could not be verified'));
    expect(Date.now() - startedAt).toBeLessThan(1_000);
  });

  it('logs one line a verification, which says how it went and counts it', async () => {
    const { user, id, secret } = await newKey();
    const authorize = authorizerWith(1);
    lines.length = 0;
    await authorize(event({ 'x-api-key': secret }), lambdaContext());
    await authorize(event({ 'x-api-key': secret }), lambdaContext());
    expect(lines).toMatchObject([
      {
        message: 'verification',
        outcome: 'accepted',
        clerkUserId: user,
        keyId: id,
        VerificationsAccepted: 1,
      },
      { message: 'verification', outcome: 'denied', error: 'KeyLimited', VerificationsLimited: 1 },
    ]);
    expect(lines).toHaveLength(2);
  });

  it('logs why, and never the key', async () => {
    const { secret } = await newKey();
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
