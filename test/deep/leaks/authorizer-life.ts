import { newUser } from '../../support/api-harness';
import type { Hunt } from './hunt';

/** What an authorizer says of a key that is good, altered, and none, and while the table refuses to say. */
export async function authorizeThrough(hunt: Hunt): Promise<unknown[]> {
  const { api, functions } = hunt;
  const token = api.sessions.sign(newUser(), 60);
  const { secret } = (await hunt.caller().create('Key', { token })).json;
  const authorizer = functions.start('authorizer');
  const event = (key: string) => ({
    version: '2.0',
    type: 'REQUEST',
    routeKey: 'GET /hello',
    identitySource: [key],
    headers: { 'x-api-key': key, authorization: `Bearer ${token}` },
    requestContext: { requestId: 'r' },
  });
  const verdictOn = async (key: string) => {
    const verdict = await hunt.ask(authorizer, event(key));
    return typeof verdict === 'string' ? verdict : (verdict as { isAuthorized: boolean }).isAuthorized;
  };
  const verdicts = [await verdictOn(secret), await verdictOn(`${secret}x`), await verdictOn(token)];
  const body = { __type: 'SomeException', message: `Refused: ${secret}` };
  api.dynamodb.fail(/./, { kind: 'answer', status: 400, body });
  verdicts.push(await verdictOn(secret));
  return verdicts;
}
