import { base62 } from '../../../../lambda/keys/base62';
import { withChecksum } from '../../../../lambda/keys/secret';
import type { Attack, Setting } from '../attack';
import * as r from '../requests';

const { alike, badRequest, each, json, mutating, noKey, signedIn, withHeaders } = r;

const graceOf =
  (value: string): Attack['request'] =>
  (setting) => ({
    ...mutating('keys.rotate', () => ({}))(setting),
    body: `{"id":"${setting.key.id}","gracePeriodSeconds":${value}}`,
  });
const isRevoked = { status: 409, code: 'CONFLICT', message: 'The API key is revoked', calls: ['GetItem'] };

const changes: readonly Attack[] = [
  ...alike(
    badRequest('Invalid input: gracePeriodSeconds must be a whole number from 0 to 86400'),
    each('1e9 1e999 -1e999 null true [60] {} -0.5'.split(' '), (value) => `a grace period of ${value}`, graceOf),
  ),
  ...alike(isRevoked, {
    'a revoked key is rotated': mutating('keys.rotate', ({ revokedKey: { id } }) => ({ id, gracePeriodSeconds: 0 })),
    'a revoked key is enabled': mutating('keys.update', ({ revokedKey }) => ({
      id: revokedKey.id,
      enabled: true,
      revokedAt: null,
    })),
  }),
];

const ending =
  (headers: (setting: Setting) => r.Headers): Attack['request'] =>
  (setting) => ({ path: '/trpc/keys.revokeSelf', headers: { ...json, ...headers(setting) }, body: '{}' });
const endingWith = (secret: (setting: Setting) => string) => ending((setting) => ({ 'x-api-key': secret(setting) }));
const withoutKey = ending(() => ({}));
/** The secret with another random part or id, and the checksum that belongs to it. */
const remade = (change: (secret: string, setting: Setting) => string) =>
  endingWith((setting) => withChecksum(change(setting.key.secret, setting).slice(0, -6)));
const idOf = (secret: string) => secret.slice(-61, -39);

/** keys.revokeSelf needs the whole secret. */
const bySecret: readonly Attack[] = [
  ...alike(noKey, {
    'the secret in the body': (setting) => ({
      ...withoutKey(setting),
      body: JSON.stringify({ secret: setting.key.secret, id: setting.key.id }),
    }),
    'the secret in the query': (setting) => ({ ...withoutKey(setting), query: `x-api-key=${setting.key.secret}` }),
    'a session and an id': (setting) => ({
      ...ending(signedIn)(setting),
      body: JSON.stringify({ id: setting.strangersKey.id }),
    }),
  }),
  ...alike(
    { ...noKey, calls: ['GetItem'] },
    {
      'another user’s id with one’s own random part': remade((secret, { strangersKey }) =>
        secret.replace(idOf(secret), idOf(strangersKey.secret)),
      ),
      'a secret that was replaced twice': endingWith(({ replacedSecret }) => replacedSecret),
      'the id of a tombstone': remade((secret, { tombstoneId }) => {
        const id = BigInt(`0x${tombstoneId.replaceAll('-', '')}`);
        return secret.replace(idOf(secret), base62(id, 22));
      }),
    },
  ),
  ...alike(
    { status: 200, calls: ['GetItem', 'UpdateItem'] },
    { 'a revoked key again': endingWith(({ revokedKey }) => revokedKey.secret) },
  ),
  ...alike(
    { status: 401, form: 'trpc', batch: Array(10).fill('UNAUTHORIZED') },
    {
      'ten guesses in a batch': (setting) => ({
        path: `/trpc/${Array(10).fill('keys.revokeSelf').join()}`,
        query: 'batch=1',
        headers: { ...json, 'x-api-key': `${setting.key.secret}x` },
        body: '{}',
      }),
    },
  ),
];

const disabled: readonly Attack[] = [
  ...alike({ ...noKey, calls: ['GetItem'] }, { 'its secret': r.holding(({ disabledKey }) => disabledKey.secret) }),
  ...alike(r.noSession, {
    'its secret enables it': withHeaders(
      mutating('keys.update', ({ disabledKey }) => ({ id: disabledKey.id, enabled: true })),
      ({ disabledKey }) => ({ ...json, 'x-api-key': disabledKey.secret }),
    ),
  }),
];

export const rotations = { changes, bySecret, disabled };
