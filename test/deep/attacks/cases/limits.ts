import type { Setting } from '../attack';
import { attack, attemptCalls, attempted, batch, creates, named, signedIn } from '../requests';

const by =
  (token: (setting: Setting) => string, name = 'Too many') =>
  (setting: Setting) => ({
    headers: signedIn({ token: token(setting) }),
    body: JSON.stringify({ name }),
  });
const notByHttp = 'its user is prepared in the table';

const tooMany = { status: 429, calls: ['UpdateItem'], notByHttp };
const tenNames = named(...Array.from({ length: 10 }, (_, n) => `More ${n}`));

/** The limit of an hour is decided first, and nothing more is counted. */
const hour = [
  attack(
    'one more key in an hour',
    by(({ hourUsedUpToken }) => hourUsedUpToken),
    { ...tooMany, code: 'TOO_MANY_REQUESTS' },
  ),
  attack(
    'ten more keys in an hour, at once',
    (setting) => batch(creates(10), tenNames)({ ...setting, token: setting.hourUsedUpToken }),
    {
      ...tooMany,
      form: 'trpc',
      batch: Array(10).fill('TOO_MANY_REQUESTS'),
      calls: Array(10).fill('UpdateItem'),
    },
  ),
];

const ownerIsFull = {
  status: 409,
  code: 'CONFLICT',
  calls: [...attemptCalls, 'BatchGetItem', 'DeleteItem'],
  ...attempted,
  notByHttp,
};

/** An owner with as many keys as allowed: the attempt is counted, nothing is left and Clerk is not called. */
const keys = [
  attack(
    'one key more than allowed',
    by(({ fullToken }) => fullToken),
    ownerIsFull,
  ),
  attack(
    'one key more than allowed, of a name that is in use',
    by(({ fullToken }) => fullToken, 'Key 7'),
    { ...ownerIsFull, message: 'An API key named "Key 7" already exists' },
  ),
];

export const limits = { hour, keys };
