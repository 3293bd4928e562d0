import { newSecret } from '../../../../lambda/keys/secret';
import { adviceOn, adviceOnSilence } from '../../../../tools/cli/smoke/advice';
import { conceal } from '../../../../tools/cli/smoke/check-failed';
import { keySecret } from '../../../../tools/cli/smoke/key-answers';

const host = 'keys.example.com';

it.each([
  ['ECONNREFUSED', `Nothing listens at ${host}.`],
  ['ENOTFOUND', `The host name ${host} does not exist.`],
  ['EAI_AGAIN', `The host name ${host} does not exist.`],
  ['CERT_HAS_EXPIRED', `The certificate of ${host} is not trusted.`],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', `The certificate of ${host} is not trusted.`],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', `The certificate of ${host} is not trusted.`],
  ['ERR_TLS_CERT_ALTNAME_INVALID', `The certificate of ${host} is not trusted.`],
  ['UND_ERR_CONNECT_TIMEOUT', `${host} took too long`],
  ['timeout', `${host} took too long`],
  ['UND_ERR_SOCKET', `The connection to ${host} was interrupted`],
])('advises on the error %s', (code, advice) => {
  expect(adviceOnSilence(code, host)).toContain(advice);
});

const ofService = (code: string) => ({ error: { message: 'x', code } });
it.each([
  [301, undefined, 'The URL redirects.'],
  [200, undefined, 'Another server answers at this URL.'],
  [200, { status: 'fine' }, 'The service breaks its contract'],
  [400, { error: { message: 'Invalid input: scopes has an unknown scope', code: 'BAD_REQUEST' } }, 'set --scopes'],
  [400, ofService('BAD_REQUEST'), 'The service breaks its contract'],
  [401, ofService('UNAUTHORIZED'), 'The service breaks its contract'],
  [403, ofService('FORBIDDEN'), 'An impersonated session, or one of a banned user, may not create keys'],
  [403, { message: 'Forbidden' }, 'Another server answers at this URL.'],
  [404, { message: 'Not Found' }, 'The gateway does not have this path.'],
  [404, ofService('NOT_FOUND'), 'The service breaks its contract'],
  [409, ofService('CONFLICT'), 'as many keys as the stage allows'],
  [429, { message: 'Too Many Requests' }, 'Run this again later.'],
  [500, { message: 'Internal Server Error' }, 'An internal error of the service'],
  [502, undefined, 'An internal error of the service'],
  [503, { message: 'Service Unavailable' }, 'did not answer in time'],
])('advises on %s %j', (status, body, advice) => {
  expect(adviceOn({ status, body, headers: new Headers(), session: undefined })).toContain(advice);
});

it('conceals tokens and secrets, also truncated ones, and nothing else', () => {
  const secret = newSecret('sk_satori', '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f');
  expect(conceal(`"eyJhbGciOi.eyJzdWIiOi" ${secret} ${secret.slice(0, 50)}…`)).toBe(
    '"(a token)" (a secret) (a secret)…',
  );
  const harmless =
    'user_2xhFjEI5X2qWRvtV13BzSj8H6Dk ak_3beecc9c60adb5f9b850e91a8ee1e992 5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/trpc';
  expect(conceal(harmless)).toBe(harmless);
  expect(keySecret.test(secret)).toBe(true);
  expect(keySecret.test(`${secret} ${secret}`)).toBe(false);
});
