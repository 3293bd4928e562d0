import {
  type Breach,
  failureBreaches,
  memoryBreaches,
  statusBreach,
  surveyBreaches,
  verificationBreach,
} from './judgement';
import { fateOf, Ledger, type Outcome, type ToldKey } from './ledger';
import { breachLines, callTable } from './report';
import type { ListedKey, Survey } from './survey';
import { Tally } from './tally';

const user = 'user_2kTorture000000000000000001';
const somebody = 'user_2kTorture000000000000000002';
const told = { id: 'a-key', user, name: 'Caller 1 1', secret: 'sk_satori_told' };

/** A ledger of one key that was told. */
function ledgerOfOne(): { ledger: Ledger; key: ToldKey } {
  const ledger = new Ledger();
  ledger.told(told);
  return { ledger, key: ledger.keys[0] as ToldKey };
}

function revoke(ledger: Ledger, key: ToldKey, outcome: Outcome): void {
  ledger.revocationSent(key);
  ledger.revocationEnded(key, outcome);
}

const itself = { id: 'a-key', clerkUserId: user, name: 'Caller 1 1' };
const listedKey: ListedKey = { id: 'a-key', clerkUserId: user, name: 'Caller 1 1' };

/** What the service says in the end of the one key, and in its owner's list. */
function surveyOf(outcome: Outcome, listed: ListedKey[], untoldRevoked: [string, Outcome][] = []): Survey {
  return {
    verified: new Map([['a-key', { outcome, body: outcome === 200 ? itself : undefined }]]),
    lists: new Map([[user, listed]]),
    untoldRevoked: new Map(untoldRevoked),
  };
}

const promises = (breaches: readonly (Breach | undefined)[]) => breaches.map((breach) => breach?.promise);

describe('the count', () => {
  it.each<[string, Outcome, ListedKey[]]>([
    ['works', 200, [listedKey]],
    ['is at its limit', 429, [listedKey]],
  ])('takes an active key that %s and is listed', (_what, outcome, listed) => {
    const { ledger, key } = ledgerOfOne();
    key.uses = 100;
    expect(surveyBreaches(ledger, surveyOf(outcome, listed))).toEqual([]);
  });

  it('finds a lost record: its secret is refused, its owner’s list lacks it', () => {
    const { ledger } = ledgerOfOne();
    expect(surveyBreaches(ledger, surveyOf(401, []))).toEqual([
      { promise: 'a key that was told and not revoked is good', what: 'a-key: 401' },
      {
        promise: 'an active key is listed by its owner',
        what: `a-key of ${user}, active: 401, not listed`,
      },
    ]);
  });

  it('finds a revoked key that works, is limited, or is listed', () => {
    const { ledger, key } = ledgerOfOne();
    revoke(ledger, key, 200);
    expect(surveyBreaches(ledger, surveyOf(401, []))).toEqual([]);
    expect(promises(surveyBreaches(ledger, surveyOf(200, [])))).toEqual(['a revoked key is refused']);
    expect(promises(surveyBreaches(ledger, surveyOf(429, [])))).toEqual(['a revoked key is refused']);
    expect(promises(surveyBreaches(ledger, surveyOf(401, [listedKey])))).toEqual([
      'a revoked key is not listed',
    ]);
  });

  it.each<Outcome>(['answer lost', 503])(
    'lets a revocation that ended with %s have happened or not, not half',
    (end) => {
      const { ledger, key } = ledgerOfOne();
      revoke(ledger, key, end);
      const half = 'a key whose revocation got no answer is either good and listed or neither';
      expect(surveyBreaches(ledger, surveyOf(401, []))).toEqual([]);
      expect(surveyBreaches(ledger, surveyOf(200, [listedKey]))).toEqual([]);
      expect(promises(surveyBreaches(ledger, surveyOf(401, [listedKey])))).toEqual([half]);
      expect(promises(surveyBreaches(ledger, surveyOf(200, [])))).toEqual([half]);
    },
  );

  it('finds a revoked key that comes back after it was refused', () => {
    const { ledger, key } = ledgerOfOne();
    revoke(ledger, key, 'answer lost');
    ledger.refused(key);
    expect(promises(surveyBreaches(ledger, surveyOf(200, [listedKey])))).toEqual([
      'a revoked key is refused',
      'a revoked key is not listed',
    ]);
  });

  it('finds a key that it could not ask for', () => {
    const { ledger } = ledgerOfOne();
    expect(promises(surveyBreaches(ledger, surveyOf(503, [listedKey])))).toEqual([
      'every key can be counted',
    ]);
  });

  it('takes a listed key that nobody was told of only where its creation got no answer, and it can be revoked', () => {
    const { ledger } = ledgerOfOne();
    const untold = { id: 'untold', clerkUserId: user, name: 'Caller 1 2' };
    const found = (end: Outcome) =>
      promises(surveyBreaches(ledger, surveyOf(200, [listedKey, untold], [['untold', end]])));
    ledger.creationEnded(user, 'Caller 1 2', 'not reached');
    expect(found(200)).toEqual(['a key is listed that somebody asked for']);
    ledger.creationEnded(user, 'Caller 1 2', 'answer lost');
    expect(found(200)).toEqual([]);
    expect(found(404)).toEqual(['a key whose secret got lost can be revoked']);
  });

  it('finds two keys of one name, and a key in somebody else’s list', () => {
    const { ledger } = ledgerOfOne();
    ledger.creationEnded(user, 'Caller 1 1', 'answer lost');
    const second = { ...listedKey, id: 'second' };
    expect(promises(surveyBreaches(ledger, surveyOf(200, [listedKey, second], [['second', 200]])))).toEqual([
      'a user has one active key of a name',
    ]);
    const foreign = {
      ...surveyOf(200, [listedKey]),
      lists: new Map([
        [user, [listedKey]],
        [somebody, [listedKey]],
      ]),
    };
    expect(promises(surveyBreaches(ledger, foreign))).toEqual(['a list holds its owner’s keys only']);
  });
});

describe('an answer under load', () => {
  const judged = (
    key: ToldKey,
    before: ReturnType<typeof fateOf>,
    outcome: Outcome,
    body: unknown = itself,
  ) => verificationBreach(key, before, { outcome, body })?.promise;

  it('may refuse a key only while it is being revoked, and has to from the success on', () => {
    const { ledger, key } = ledgerOfOne();
    expect(judged(key, fateOf(key), 401)).toBe('a key that was told and not revoked is good');
    ledger.revocationSent(key);
    expect(judged(key, 'active', 401)).toBeUndefined();
    expect(judged(key, 'unsure', 200)).toBeUndefined();
    ledger.revocationEnded(key, 200);
    expect(judged(key, 'unsure', 200)).toBeUndefined();
    expect(judged(key, 'revoked', 200)).toBe('a revoked key is refused');
  });

  it('never limits a key that is hardly used, nor speaks of another key', () => {
    const { key } = ledgerOfOne();
    expect(judged(key, 'active', 429)).toBe('a key that is hardly used is not limited');
    expect(judged(key, 'active', 200, { ...itself, id: 'another' })).toBe('a secret speaks for its own key');
  });

  it('has one of the statuses that the call may have', () => {
    expect(statusBreach('create', 409, [200], '"Caller 1 1"')).toEqual({
      promise: 'keys.create answers 200 here',
      what: '"Caller 1 1": 409',
    });
    expect(statusBreach('create', 'answer lost', [200], '"Caller 1 1"')).toBeUndefined();
  });

  it('is no 5xx but 503, and not missing while the server is up', () => {
    const tally = new Tally();
    for (const outcome of [200, 503, 'answer lost', 'not reached'] as const) tally.count('create', outcome);
    expect(failureBreaches(tally)).toEqual([]);
    for (const outcome of [500, 502, 502, 'broken off'] as const) tally.count('create', outcome);
    expect(failureBreaches(tally)).toEqual([
      { promise: 'the only 5xx is 503', what: 'create: 500, 1 times' },
      { promise: 'the only 5xx is 503', what: 'create: 502, 2 times' },
      { promise: 'a server that is up answers', what: 'create: broken off, 1 times' },
    ]);
  });
});

it('memory may grow to 1.3 times, and one that could not be read is no good', () => {
  expect(memoryBreaches({ early: 200, late: 260 })).toEqual([]);
  expect(memoryBreaches({ early: 200, late: 261 })).toHaveLength(1);
  expect(memoryBreaches({ early: 200, late: Number.NaN })).toHaveLength(1);
});

it('prints breaches by promise, ten of each, and a table of the calls', () => {
  const breaches = Array.from({ length: 12 }, (_, index) => ({
    promise: 'a revoked key is refused',
    what: `key ${index}`,
  }));
  expect(breachLines(breaches)).toBe(`Broken: a revoked key is refused
  key 0
  key 1
  key 2
  key 3
  key 4
  key 5
  key 6
  key 7
  key 8
  key 9
  and 2 more`);
  const tally = new Tally();
  for (const outcome of [200, 200, 503, 'answer lost'] as const) tally.count('create', outcome);
  tally.count('whoami', 200);
  expect(callTable(tally)).toBe(`          sent  200  503  answer lost
  create     4    2    1            1
  whoami     1    1    0            0`);
});
