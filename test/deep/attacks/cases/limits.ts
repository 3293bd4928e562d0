import type { Setting } from '../attack';
import { alike, attemptCalls, attempted, batch, creates, named, signedIn } from '../requests';

const by =
  (token: (setting: Setting) => string, name = 'Too many') =>
  (setting: Setting) => ({ headers: signedIn({ token: token(setting) }), body: JSON.stringify({ name }) });
const notByHttp = 'its user is prepared in the table';

const tooMany = { status: 429, notByHttp };
const tenNames = named(...Array.from({ length: 10 }, (_, n) => `More ${n}`));

/** The limit of an hour is decided first, and nothing more is counted. */
const hour = [
  ...alike(
    { ...tooMany, code: 'TOO_MANY_REQUESTS', calls: ['UpdateItem'] },
    { 'one more key in an hour': by(({ hourUsedUpToken }) => hourUsedUpToken) },
  ),
  ...alike(
    { ...tooMany, form: 'trpc', batch: Array(10).fill('TOO_MANY_REQUESTS'), calls: Array(10).fill('UpdateItem') },
    {
      'ten more keys in an hour, at once': (setting) =>
        batch(creates(10), tenNames)({ ...setting, token: setting.hourUsedUpToken }),
    },
  ),
];

const calls = [...attemptCalls, 'BatchGetItem', 'DeleteItem'];
const ownerIsFull = { status: 409, code: 'CONFLICT', calls, ...attempted, notByHttp };

/** An owner with as many keys as allowed: the attempt is counted, nothing is left and Clerk is not called. */
const keys = [
  ...alike(ownerIsFull, { 'one key more than allowed': by(({ fullToken }) => fullToken) }),
  ...alike(
    { ...ownerIsFull, message: 'An API key named "Key 7" already exists' },
    { 'one key more than allowed, of a name that is in use': by(({ fullToken }) => fullToken, 'Key 7') },
  ),
];

export const limits = { hour, keys };
