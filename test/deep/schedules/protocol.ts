import type { Guards, Operation } from './world';

/** Yields one operation at a time and gets its result, or `unknown` where the answer was lost. */
export type Process = Generator<Operation, Outcome, string>;
/** `told`: the caller has the secret. `answered`: the caller knows that it is done. `given up` promises nothing. */
export type Outcome = 'told' | 'answered' | 'given up';

const idsIn = (items: string) => items.split(' ').filter((item) => /^\w+$/.test(item) && item !== 'refused');

export function* creation(id: string, guards: Guards): Process {
  if ((yield 'countAttempt') !== 'ok') return 'given up';
  if (guards.entryFirst && (yield `putEntry ${id}`) !== 'ok') return 'given up';
  const items = yield 'queryOwner';
  if (items === 'unknown') return yield* withdraw(id);
  if (guards.ownerMark && items.includes('refused')) return yield* withdraw(id);
  for (const other of idsIn(items).filter((entry) => entry !== id)) {
    const key = yield `getKey ${other}`;
    if (key === 'live' || key === 'unknown') return yield* withdraw(id);
  }
  if (!(yield* createAtClerk(id, guards))) return yield* withdraw(id);
  // The SDK's second attempt finds what the first has put.
  const number = guards.numberOfOwner ? items.split('#')[1] : '0';
  let found = yield `putKey ${id} ${number}`;
  if (found === 'unknown') {
    found = yield* tombstone(id, guards);
    if (found === 'unknown') return 'given up';
    if (found === 'ok') found = 'revoked';
  }
  if (found === 'ok' || found === 'live')
    return guards.entryFirst || (yield `putEntry ${id}`) === 'ok' ? 'told' : 'given up';
  yield `clerkRevoke ${id}`;
  return yield* withdraw(id);
}

/** Removes the entry of a key that cannot be put any more. */
function* withdraw(id: string): Process {
  yield `deleteEntry ${id}`;
  return 'given up';
}

/** If an orphan holds the name, revokes it and tries once more. */
function* createAtClerk(id: string, guards: Guards): Generator<Operation, boolean, string> {
  const created = yield `clerkCreate ${id}`;
  if (created !== 'taken') return created === 'ok';
  const holder = yield 'clerkFind';
  if (holder === 'unknown') return false;
  if (holder !== 'none') {
    const key = yield `getKey ${holder}`;
    if (key === 'live' || key === 'unknown') return false;
    if ((yield* tombstone(holder, guards)) !== 'ok') return false;
    if ((yield `clerkRevoke ${holder}`) !== 'ok') return false;
  }
  return (yield `clerkCreate ${id}`) === 'ok';
}

function* tombstone(id: string, guards: Guards): Generator<Operation, string, string> {
  return guards.tombstone ? yield `tombstone ${id}` : 'ok';
}

export function* revocation(id: string): Process {
  const found = yield `revokeKey ${id}`;
  if (found === 'none' || found === 'unknown') return 'given up';
  if (found !== 'revoked') yield* settle(id, 'pending');
  return 'answered';
}

/** Tells Clerk of a revoked key and removes the entry. What fails is left to the owner's next list. */
function* settle(id: string, key: string): Generator<Operation, boolean, string> {
  if (key === 'pending') {
    if ((yield `clerkRevoke ${id}`) !== 'ok') return false;
    if ((yield `clearPending ${id}`) !== 'ok') return false;
  }
  return (yield `deleteEntry ${id}`) === 'ok';
}

export function* list(guards: Guards): Process {
  for (const id of idsIn((yield 'queryEntries').replace('unknown', ''))) {
    const key = yield `getKey ${id}`;
    if (key === 'pending' || key === 'revoked') yield* settle(id, key);
    if (key === 'none' && (yield* tombstone(id, guards)) === 'ok') yield `deleteEntry ${id}`;
  }
  return 'given up';
}

/** One delivery. Clerk delivers again what has not been answered. */
export function* deletion(guards: Guards): Process {
  if ((yield 'markOwner') !== 'ok') return 'given up';
  const items = yield 'queryEntries';
  if (items === 'unknown') return 'given up';
  const found = new Map<string, string>();
  for (const id of idsIn(items)) found.set(id, yield guards.tombstone ? `revokeOrTombstone ${id}` : `revokeKey ${id}`);
  let done = true;
  for (const [id, key] of found)
    done = key !== 'unknown' && (yield* settle(id, key === 'ok' ? 'pending' : key)) && done;
  return done ? 'answered' : 'given up';
}

/** At Clerk, by an operator. */
export function* ban(): Process {
  yield 'ban';
  return 'answered';
}
export function* liftBan(): Process {
  yield 'liftBan';
  return 'answered';
}

/** One delivery about a ban or its end. Clerk delivers again what has not been answered. */
export function* userUpdate(reported: 'banned' | 'active', guards: Guards): Process {
  const now = guards.asksClerk ? 'clerkUser' : undefined;
  if (reported === 'active') {
    const earlier = yield 'readDeliveries';
    if (earlier === 'unknown') return 'given up';
    if (earlier === 'none') return 'answered';
  }
  let state: string = reported;
  if (now && !guards.numberFirst) state = yield now;
  const number = yield 'beginDelivery';
  if (number === 'unknown') return 'given up';
  if (now && guards.numberFirst) state = yield now;
  if (state === 'unknown') return 'given up';
  const written = yield `suspendOwner ${state} ${number}`;
  if (written !== 'ok') return 'given up';
  const entries = yield 'queryEntries';
  if (entries === 'unknown') return 'given up';
  let done = true;
  for (const id of idsIn(entries)) done = (yield* suspend(id, state === 'banned', number, guards)) && done;
  return done ? 'answered' : 'given up';
}

function* suspend(id: string, banned: boolean, number: string, guards: Guards): Generator<Operation, boolean, string> {
  const change = `${banned ? 'suspendKey' : 'resumeKey'} ${id} ${number}` as const;
  const found = yield change;
  if (found !== 'none' || !guards.banTombstone) return found !== 'unknown';
  const buried = yield `tombstone ${id}`;
  return buried === 'live' ? (yield change) !== 'unknown' : buried === 'ok';
}
