import { base62 } from '../../../../lambda/keys/base62';
import { withChecksum } from '../../../../lambda/keys/secret';
import type { Attack, Setting } from '../attack';
import { withClaims } from '../forged-tokens';
import * as r from '../requests';
import { all, malformedIds, noId, notFound, notTheirs, othersIds, unknownIds, withoutSession, wrongId } from './ids';

const { alike, attack, badRequest, each, json, mutating, noKey, reading, signedIn, withHeaders } = r;

type Id = (setting: Setting) => unknown;
const rotating = (id: Id) => mutating('keys.rotate', (setting) => ({ id: id(setting), gracePeriodSeconds: 0 }));
const updating = (id: Id) => mutating('keys.update', (setting) => ({ id: id(setting), enabled: false }));
const asksForUsage = (id: Id) => reading('keys.usage', (setting) => ({ id: id(setting) }));
const own: Id = ({ key }) => key.id;
const wrongMethod = { status: 405, code: 'METHOD_NOT_SUPPORTED' };
const impersonated = (request: Attack['request']) =>
  withHeaders(request, (setting) => signedIn({ token: withClaims({ act: { sub: 'user_support' } })(setting) }));
const mayNot = { status: 403, code: 'FORBIDDEN', message: 'An impersonated session may not do this' };

/** Calls for keys that are not the attacker's, or no keys. */
const notOwn = (make: (id: Id) => Attack['request'], call: string): Attack[] => [
  ...alike(wrongId, all(make, malformedIds)),
  ...alike(noId, { 'no id': make(() => undefined) }),
  ...alike({ ...notFound, calls: [call] }, all(make, unknownIds)),
  ...alike({ ...notTheirs, calls: [call] }, all(make, othersIds)),
  ...withoutSession(make(own)),
];

const graceOf =
  (value: string): Attack['request'] =>
  (setting) => ({
    ...rotating(own)(setting),
    body: `{"id":"${setting.key.id}","gracePeriodSeconds":${value}}`,
  });

const rotate: readonly Attack[] = [
  ...notOwn(rotating, 'GetItem'),
  ...alike(
    badRequest('Invalid input: gracePeriodSeconds must be a whole number from 0 to 86400'),
    each(
      '-1 86401 1.5 1e9 1e999 -1e999 "60" null true [60] {} -0.5'.split(' '),
      (value) => `a grace period of ${value}`,
      graceOf,
    ),
  ),
  attack(
    'no grace period',
    mutating('keys.rotate', ({ key }) => ({ id: key.id, grace: 0 })),
    badRequest('Invalid input: gracePeriodSeconds is required'),
  ),
  attack(
    'a revoked key',
    rotating(({ revokedKey }) => revokedKey.id),
    { status: 409, code: 'CONFLICT', message: 'The API key is revoked', calls: ['GetItem'] },
  ),
  attack('an impersonated session', impersonated(rotating(own)), mayNot),
  attack('by GET', (setting) => ({ ...reading('keys.rotate', ({ key }) => ({ id: key.id }))(setting) }), wrongMethod),
  attack(
    'another user’s key and a claim to own it',
    mutating('keys.rotate', ({ strangersKey, user, key }) => ({
      id: strangersKey.id,
      gracePeriodSeconds: 0,
      ownerId: user,
      secret: key.secret,
      force: true,
    })),
    { ...notTheirs, calls: ['GetItem'] },
  ),
];

const update: readonly Attack[] = [
  ...notOwn(updating, 'GetItem'),
  attack(
    'a revoked key is enabled',
    mutating('keys.update', ({ revokedKey }) => ({ id: revokedKey.id, enabled: true, revokedAt: null })),
    { status: 409, code: 'CONFLICT', message: 'The API key is revoked', calls: ['GetItem'] },
  ),
  attack('an impersonated session', impersonated(updating(own)), mayNot),
  attack(
    'by GET',
    reading('keys.update', ({ key }) => ({ id: key.id })),
    wrongMethod,
  ),
];

const usage: readonly Attack[] = [
  ...notOwn(asksForUsage, 'GetItem'),
  attack(
    'by POST',
    mutating('keys.usage', ({ key }) => ({ id: key.id })),
    wrongMethod,
  ),
];

const ending =
  (headers: (setting: Setting) => r.Headers): Attack['request'] =>
  (setting) => ({ path: '/trpc/keys.revokeSelf', headers: { ...json, ...headers(setting) }, body: '{}' });
const endingWith = (secret: (setting: Setting) => string) => ending((setting) => ({ 'x-api-key': secret(setting) }));
/** The secret with another random part or id, and the checksum that belongs to it. */
const remade = (change: (secret: string, setting: Setting) => string) =>
  endingWith((setting) => withChecksum(change(setting.key.secret, setting).slice(0, -6)));
const idOf = (secret: string) => secret.slice(-61, -39);

/** keys.revokeSelf needs the whole secret. */
const bySecret: readonly Attack[] = [
  ...alike(noKey, {
    'no key': ending(() => ({})),
    'an empty key': endingWith(() => ''),
    'the key’s id': endingWith(({ key }) => key.id),
    'a shortened secret': endingWith(({ key }) => key.secret.slice(0, -1)),
    'a wrong checksum': endingWith(({ key }) => `${key.secret.slice(0, -6)}000000`),
    'two secrets': endingWith(({ key }) => `${key.secret},${key.secret}`),
    'the secret in the body': (setting) => ({
      ...ending(() => ({}))(setting),
      body: JSON.stringify({ secret: setting.key.secret, id: setting.key.id }),
    }),
    'the secret in the query': (setting) => ({
      ...ending(() => ({}))(setting),
      query: `x-api-key=${setting.key.secret}`,
    }),
    'a session and an id': (setting) => ({
      ...ending(signedIn)(setting),
      body: JSON.stringify({ id: setting.strangersKey.id }),
    }),
    'the session token as the key': endingWith(({ token }) => token),
  }),
  ...alike(
    { ...noKey, calls: ['GetItem'] },
    {
      'another random part': remade((secret) => secret.slice(0, -38) + 'A'.repeat(38)),
      'another user’s id with one’s own random part': remade((secret, { strangersKey }) =>
        secret.replace(idOf(secret), idOf(strangersKey.secret)),
      ),
      'a secret that was replaced twice': endingWith(({ replacedSecret }) => replacedSecret),
      'an id that was never used': remade((secret) => secret.replace(idOf(secret), '0'.repeat(22))),
      'the id of a tombstone': remade((secret, { tombstoneId }) => {
        const id = BigInt(`0x${tombstoneId.replaceAll('-', '')}`);
        return secret.replace(idOf(secret), base62(id, 22));
      }),
    },
  ),
  attack(
    'a revoked key again',
    endingWith(({ revokedKey }) => revokedKey.secret),
    { status: 200, calls: ['GetItem', 'UpdateItem'] },
  ),
  attack(
    'by GET',
    (setting) => ({ method: 'GET', path: '/trpc/keys.revokeSelf', headers: { 'x-api-key': setting.key.secret } }),
    wrongMethod,
  ),
  attack(
    'ten guesses in a batch',
    (setting) => ({
      path: `/trpc/${Array(10).fill('keys.revokeSelf').join()}`,
      query: 'batch=1',
      headers: { ...json, 'x-api-key': `${setting.key.secret}x` },
      body: '{}',
    }),
    { status: 401, form: 'trpc', batch: Array(10).fill('UNAUTHORIZED') },
  ),
];

/** A key that its owner has disabled. */
const disabled: readonly Attack[] = [
  attack(
    'its secret',
    r.holding(({ disabledKey }) => disabledKey.secret),
    { ...noKey, calls: ['GetItem'] },
  ),
  attack(
    'its secret enables it',
    withHeaders(
      mutating('keys.update', ({ disabledKey }) => ({ id: disabledKey.id, enabled: true })),
      ({ disabledKey }) => ({ ...json, 'x-api-key': disabledKey.secret }),
    ),
    r.noSession,
  ),
];

export const rotations = { rotate, update, usage, bySecret, disabled };
