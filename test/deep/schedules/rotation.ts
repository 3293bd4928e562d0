import type { Process, System } from './search';

/** What keeps the promises of rotations. The test leaves out one at a time. */
export const allRotationGuards = {
  /** A rotation requires the number of attempts that it read. */
  attemptsCondition: true,
  /** After an unknown outcome, another write makes the outcome known. Without it, a read. */
  endsAttempt: true,
  /** If the newest secret was never used, it is replaced and the older one stays. */
  newestUnused: true,
  /** A use of the newest secret is stored before it is accepted. */
  storesFirstUse: true,
  /** Whoever ends a previous secret counts an attempt. */
  endCounts: true,
};
export type RotationGuards = typeof allRotationGuards;

/** A key. A secret's ID is the name of the rotation that drew it. A grace period ends with the first use. */
export interface RotatedKey {
  current: string;
  number: number;
  previous: string;
  /** Whether the previous secret can be accepted. */
  previousIsAlive: boolean;
  attempts: number;
  revoked: boolean;
  /** The numbers of the secrets whose first use is stored. */
  used: number[];
  /** The secrets that were stored, in their order, those in use, and those that their holder has ended. */
  readonly stored: string[];
  readonly inUse: string[];
  readonly ended: string[];
  /** Secrets that a rotation has replaced at the moment of their first use, which it could not see. */
  readonly replacedInUse: string[];
}

export const newKey: RotatedKey = {
  current: 'S',
  number: 1,
  previous: '-',
  previousIsAlive: false,
  attempts: 0,
  revoked: false,
  used: [],
  stored: ['S'],
  inUse: ['S'],
  ended: [],
  replacedInUse: [],
};

const verifies = (key: RotatedKey, secret: string): boolean => !key.revoked && placeOf(key, secret) !== 'none';

/** Whether a secret is the current one or the previous one in its grace period. */
function placeOf({ current, previous, previousIsAlive, used, number }: RotatedKey, secret: string) {
  if (secret === current) return 'current';
  return secret === previous && previousIsAlive && !used.includes(number) ? 'previous' : 'none';
}

export function* rotation(id: string, guards: RotationGuards): Process {
  const found = yield 'getKey';
  if (found === 'unknown' || found === 'revoked') return 'given up';
  const [current = '', number = '', previous = '', isAlive = '', attempts = ''] = found.split(' ');
  let keeps = current;
  if (isAlive === 'alive' && guards.newestUnused) {
    const use = yield `readUse ${number}`;
    if (use === 'unknown') return 'given up';
    if (use === 'unused') keeps = previous;
  }
  const expected = guards.attemptsCondition ? attempts : 'any';
  const written = yield `rotate ${id} ${Number(number) + 1} ${keeps} ${expected}`;
  if (written !== 'unknown') return written === 'conflict' ? 'conflict' : 'told';
  const outcome = yield `${guards.endsAttempt ? 'endAttempt' : 'readCurrent'} ${id}`;
  if (outcome === 'unknown') return 'given up';
  return outcome === 'same' ? 'told' : 'not rotated';
}

export function* use(secret: string, guards: RotationGuards): Process {
  const found = yield `findSecret ${secret}`;
  const [place, number] = found.split(' ');
  if (place === 'unknown') return 'given up';
  if (place === 'none') return 'refused';
  if (place === 'previous') {
    const first = yield `readUse ${number}`;
    if (first !== 'unused') return first === 'unknown' ? 'given up' : 'refused';
  } else if (number && guards.storesFirstUse && (yield `storeUse ${secret} ${number}`) !== 'ok') {
    return 'given up';
  }
  yield `accept ${secret}`;
  return 'accepted';
}

/** Whoever holds a secret ends it, and the key if it is the current one. */
export function* end(secret: string): Process {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const found = yield `findStored ${secret}`;
    if (found === 'previous') return (yield `endPrevious ${secret}`) === 'ok' ? 'answered' : 'given up';
    if (found !== 'current') return found === 'none' ? 'refused' : 'given up';
    const revoked = yield `revoke ${secret}`;
    if (revoked !== 'other') return revoked === 'ok' ? 'answered' : 'given up';
  }
  return 'given up';
}

function noteUse(key: RotatedKey, secret: string): string {
  if (!key.inUse.includes(secret)) key.inUse.push(secret);
  if (![key.current, key.previous].includes(secret)) key.replacedInUse.push(secret);
  return 'ok';
}

type Perform = (key: RotatedKey, guards: RotationGuards, ...values: string[]) => string;

const operations: Readonly<Record<string, Perform>> = {
  getKey: ({ current, number, previous, previousIsAlive, attempts, revoked }) =>
    revoked ? 'revoked' : [current, number, previous, previousIsAlive ? 'alive' : 'over', attempts].join(' '),
  readUse: ({ used }, _guards, number) => (used.includes(Number(number)) ? 'used' : 'unused'),
  rotate: (key, _guards, id = '', number, keeps = '', expected) => {
    if (key.revoked || (expected !== 'any' && Number(expected) !== key.attempts)) {
      return !key.revoked && key.current === id ? 'same' : 'conflict';
    }
    const isReplaced = keeps !== key.current && key.used.includes(key.number);
    if (isReplaced) key.replacedInUse.push(key.current);
    key.attempts += 1;
    Object.assign(key, { current: id, number: Number(number), previous: keeps, previousIsAlive: true });
    key.stored.push(id);
    return 'ok';
  },
  endAttempt: (key, _guards, id) => {
    key.attempts += 1;
    return key.current === id && !key.revoked ? 'same' : 'other';
  },
  readCurrent: ({ current, revoked }, _guards, id) => (current === id && !revoked ? 'same' : 'other'),
  findSecret: ({ current, previous, previousIsAlive, number, revoked }, _guards, secret) => {
    if (revoked) return 'none';
    if (secret === current) return previousIsAlive ? `current ${number}` : 'current';
    return secret === previous && previousIsAlive ? `previous ${number}` : 'none';
  },
  storeUse: (key, _guards, secret = '', number) => {
    key.used = [...new Set([...key.used, Number(number)])].sort();
    return noteUse(key, secret);
  },
  accept: (key, _guards, secret = '') => noteUse(key, secret),
  findStored: ({ current, previous }, _guards, secret) =>
    secret === current ? 'current' : secret === previous ? 'previous' : 'none',
  endPrevious: (key, { endCounts }, secret) => {
    if (key.previous !== secret) return 'ok';
    if (!key.ended.includes(secret)) key.ended.push(secret);
    key.previousIsAlive = false;
    if (endCounts) key.attempts += 1;
    return 'ok';
  },
  revoke: (key, _guards, secret) => {
    if (key.current !== secret) return 'other';
    key.revoked = true;
    return 'ok';
  },
};

/** @param rotations the names of the rotations. @param attempts the highest number of attempts. */
export function rotationSystem(
  rotations: readonly string[],
  attempts: number,
  guards: RotationGuards,
): System<RotatedKey> {
  const secrets = ['S', ...rotations];
  const numbers = secrets.map((_, index) => index + 1);
  const results: Readonly<Record<string, readonly string[]>> = {
    getKey: ['revoked', ...keyResults(secrets, numbers, attempts)],
    readUse: ['used', 'unused'],
    rotate: ['ok', 'same', 'conflict'],
    endAttempt: ['same', 'other'],
    readCurrent: ['same', 'other'],
    findSecret: ['none', 'current', ...numbers.flatMap((number) => [`current ${number}`, `previous ${number}`])],
    findStored: ['current', 'previous', 'none'],
    revoke: ['ok', 'other'],
  };
  return {
    perform: (operation, key) => {
      const [kind = '', ...values] = operation.split(' ');
      return operations[kind]?.(key, guards, ...values) ?? '';
    },
    resultsOf: (operation) => results[operation.split(' ')[0] ?? ''] ?? ['ok'],
    isRead: (operation) => /^(getKey|read|find)/.test(operation),
    isRetried: (operation) => /^(rotate|endAttempt|storeUse|endPrevious|revoke)/.test(operation),
    isCertain: (operation) => operation.startsWith('accept'),
    isOnce: (operation) => operation.startsWith('storeUse') || (guards.attemptsCondition && /^rotate/.test(operation)),
    canonical: (key) => JSON.stringify(key),
    broken: (key, ended) => {
      const { inUse, stored, replacedInUse, revoked } = key;
      const endedSecrets = ended('end', 'answered');
      const newest = stored.findLast((secret) => inUse.includes(secret) && !replacedInUse.includes(secret));
      const isExcused = revoked || newest === undefined || key.ended.includes(newest);
      const verifying = stored.filter((secret) => verifies(key, secret));
      const isOlder = (secret: string) => stored.indexOf(secret) < stored.indexOf(newest ?? '');
      const holds = {
        'I7, in use: the newest secret in use verifies': isExcused || verifies(key, newest ?? ''),
        'I1: a told secret was stored': ended('rotation', 'told').every((secret) => stored.includes(secret)),
        'I7, not done: a rotation that was answered as not done does not happen later': !ended(
          'rotation',
          'not rotated',
        ).includes(key.current),
        'I4: a secret whose end was answered does not verify': endedSecrets.every((secret) => !verifies(key, secret)),
        'I7: at most two secrets verify, and one after the grace period':
          verifying.length <= (key.used.includes(key.number) ? 1 : 2) && !ended('later use', 'accepted').some(isOlder),
      };
      return Object.entries(holds).flatMap(([promise, isKept]) => (isKept ? [] : [promise]));
    },
  };
}

function keyResults(secrets: readonly string[], numbers: readonly number[], attempts: number): string[] {
  const places = secrets.flatMap((current) => numbers.map((number) => `${current} ${number}`));
  const previous = ['-', ...secrets].flatMap((secret) => [`${secret} alive`, `${secret} over`]);
  const counts = Array.from({ length: attempts + 1 }, (_, count) => count);
  return places.flatMap((place) => previous.flatMap((older) => counts.map((count) => `${place} ${older} ${count}`)));
}
