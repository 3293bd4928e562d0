import { adviceOn, adviceOnSilence } from '../../../../tools/cli/smoke/advice';
import { conceal, looksLikeKeySecret } from '../../../../tools/cli/smoke/check-failed';

const host = 'keys.example.com';

it.each([
  ['ECONNREFUSED', `Nothing listens at ${host}.`],
  ['ENOTFOUND', `The name ${host} is not known.`],
  ['EAI_AGAIN', `The name ${host} is not known.`],
  ['CERT_HAS_EXPIRED', 'see to its certificate'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'see to its certificate'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'see to its certificate'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'see to its certificate'],
  ['UND_ERR_CONNECT_TIMEOUT', `${host} took too long`],
  ['timeout', `${host} took too long`],
  ['UND_ERR_SOCKET', `The connection to ${host} broke`],
])('knows what to do about %s', (code, advice) => {
  expect(adviceOnSilence(code, host)).toContain(advice);
});

const ofService = (code: string) => ({ error: { message: 'x', code } });
it.each([
  [301, undefined, 'The URL leads elsewhere.'],
  [200, undefined, 'Something else than the service answers there.'],
  [200, { status: 'fine' }, 'The service does not keep its contract'],
  [401, ofService('UNAUTHORIZED'), 'The service does not keep its contract'],
  [403, ofService('FORBIDDEN'), 'An impersonated session may not make keys'],
  [403, { message: 'Forbidden' }, 'Something else than the service answers there.'],
  [404, { message: 'Not Found' }, 'The gateway knows no such path.'],
  [404, ofService('NOT_FOUND'), 'The service does not keep its contract'],
  [429, { message: 'Too Many Requests' }, 'wait a minute'],
  [500, { message: 'Internal Server Error' }, 'A fault of the service'],
  [502, undefined, 'A fault of the service'],
  [503, { message: 'Service Unavailable' }, 'did not answer in time'],
])('knows what to do about %s %j', (status, body, advice) => {
  expect(adviceOn({ status, body, headers: new Headers(), session: undefined })).toContain(advice);
});

it('conceals tokens and secrets, whole or cut off, and nothing that a person needs', () => {
  const secret = 'sk_satori_5d2cb4a155c64d3a8f8e0a3beecc9c60adb5f9b850e91a8ee1e9';
  expect(conceal(`"eyJhbGciOi.eyJzdWIiOi" ${secret} ${secret.slice(0, 50)}…`)).toBe(
    '"(a token)" (a secret) (a secret)…',
  );
  const useful =
    'user_2xhFjEI5X2qWRvtV13BzSj8H6Dk ak_3beecc9c60adb5f9b850e91a8ee1e992 5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/trpc';
  expect(conceal(useful)).toBe(useful);
  expect(looksLikeKeySecret(secret)).toBe(true);
  expect(looksLikeKeySecret(`${secret} ${secret}`)).toBe(false);
});
