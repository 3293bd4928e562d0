import * as judgement from './judgement';
import { Ledger, type Outcome, type State, ToldKey } from './ledger';
import type { ListedKey } from './service';
import { Tally } from './tally';

const { failureBreaches, memoryBreaches, statusBreach, surveyBreaches, verificationBreach } = judgement;
const user = 'user_2kTorture000000000000000001';
const name = 'Caller 1 1';
const itself: ListedKey = { id: 'a-key', clerkUserId: user, name };
const untold: ListedKey = { id: 'untold', clerkUserId: user, name: 'Caller 1 2' };

/** One key that was told, and what has happened to it: its revocations' outcomes, or `refused`. */
function ledgerOf(...events: (Outcome | 'refused')[]): { ledger: Ledger; key: ToldKey } {
  const ledger = new Ledger();
  const key = new ToldKey('a-key', user, name, 'sk_satori_told');
  ledger.keys.push(key);
  for (const event of events) {
    if (event === 'refused') key.refused();
    else {
      key.revocationSent();
      key.revocationEnded(event);
    }
  }
  return { ledger, key };
}

/** The promises that a survey of the one key breaks. */
function broken(
  { ledger }: { ledger: Ledger },
  outcome: Outcome,
  listed: ListedKey[],
  more: Partial<judgement.Survey> = {},
) {
  const verified = new Map([['a-key', { outcome, body: outcome === 200 ? itself : undefined }]]);
  const found = { verified, lists: new Map([[user, listed]]), untoldRevoked: new Map(), ...more };
  return surveyBreaches(ledger, found).map(({ promise }) => promise);
}

const isRefused = 'a revoked key is refused';
const isNotListed = 'a revoked key is not listed';
const notHalf = 'a key whose revocation got no answer is either valid and listed or neither';
const isValid = 'a key that was told and not revoked is valid';
const isListed = 'an active key is listed by its owner';

const othersKey = [
  'a list holds only its owner’s keys',
  'a user has one active key of a name',
  'somebody has asked for every listed key',
  'a key whose secret is lost can be revoked',
];

it.each<[string, (Outcome | 'refused')[], Outcome, ListedKey[], string[]]>([
  ['an active key', [], 200, [itself], []],
  ['a lost key', [], 401, [], [isValid, isListed]],
  ['a key that cannot be verified', [], 503, [itself], ['every key can be verified at the end']],
  ['a limited key with few uses', [], 429, [itself], ['a key with few uses is not limited']],
  ['a revoked key', [200], 401, [], []],
  ['a revoked key that is valid', [200], 200, [], [isRefused]],
  ['a revoked key that is listed', [200], 401, [itself], [isNotListed]],
  ['a revocation that was not sent', ['not reached'], 401, [], [isValid, isListed]],
  ['a lost revocation that has happened', ['answer lost'], 401, [], []],
  ['a lost revocation that has not', [503], 200, [itself], []],
  ['a lost revocation of a key that is refused and listed', [503], 401, [itself], [notHalf]],
  ['a lost revocation of a key that is valid and not listed', ['answer lost'], 200, [], [notHalf]],
  ['a revoked key that comes back', ['answer lost', 'refused'], 200, [itself], [isRefused, isNotListed]],
  ['a name with two keys', [], 200, [itself, itself], ['a user has one active key of a name']],
  ['another user’s key in a list', [], 200, [itself, { ...itself, id: 'b', clerkUserId: 'user_2' }], othersKey],
])('the survey judges %s', (_what, events, outcome, listed, promises) => {
  expect(broken(ledgerOf(...events), outcome, listed)).toEqual(promises);
});

it('the survey accepts an untold key only if its creation got no answer and it can be revoked', () => {
  const one = ledgerOf();
  const found = (outcome: Outcome) =>
    broken(one, 200, [itself, untold], { untoldRevoked: new Map([['untold', outcome]]) });
  one.ledger.creationEnded(user, untold.name, 'not reached');
  expect(found(200)).toEqual(['somebody has asked for every listed key']);
  one.ledger.creationEnded(user, untold.name, 'answer lost');
  expect(found(200)).toEqual([]);
  expect(found(404)).toEqual(['a key whose secret is lost can be revoked']);
});

it('a key is refused only while it is being revoked, and always after that', () => {
  const { key } = ledgerOf();
  const judged = (before: State, outcome: Outcome, body: unknown = itself) =>
    verificationBreach(key, before, { outcome, body })?.promise;
  expect(judged('active', 401)).toBe(isValid);
  expect(judged('active', 200, { ...itself, id: 'another' })).toBe('a secret identifies its own key');
  key.revocationSent();
  expect([judged('active', 401), judged('unsure', 200)]).toEqual([undefined, undefined]);
  key.revocationEnded(200);
  expect([judged('unsure', 200), judged('revoked', 200)]).toEqual([undefined, isRefused]);
});

it('each call has its statuses, the only 5xx is 503, and a server that runs answers', () => {
  expect(statusBreach('create', 409, [200], '"x"')?.promise).toBe('keys.create answers 200 here');
  expect(statusBreach('create', 'answer lost', [200], '"x"')).toBeUndefined();
  const tally = new Tally();
  for (const outcome of [200, 503, 'answer lost', 502, 502, 'broken off'] as const) tally.count('create', outcome);
  expect(tally.lines()).toBe('  create 6: 200 × 1, 502 × 2, 503 × 1, answer lost × 1, broken off × 1');
  const promises = ['the only 5xx is 503', 'a server that runs answers'];
  expect(failureBreaches(tally).map(({ promise }) => promise)).toEqual(promises);
  expect(failureBreaches(tally)[0]?.what).toBe('create: 502, 2 times');
});

it('memory may grow to 1.3 times its early size, and has to be readable', () => {
  const verdicts = [260, 261, Number.NaN].map((late) => memoryBreaches({ early: 200, late }).length);
  expect(verdicts).toEqual([0, 1, 1]);
});
