import { type Fate, fateOf, type Ledger, type Outcome, type ToldKey } from './ledger';
import type { Reply } from './service';
import type { Survey } from './survey';
import type { Tally } from './tally';

/** A promise that was not kept. */
export interface Breach {
  readonly promise: string;
  /** Which key, which call; ids and names, never a secret. */
  readonly what: string;
}

/** A resident set may grow to this many times what it was after the first tenth. */
const mostGrowth = 1.3;
/**
 * A key may make 100 requests a minute. A use whose answer DynamoDB's client lost is counted twice, so some may be
 * refused sooner; one that was hardly used never.
 */
const fewestUsesBefore429 = 50;

/** Failures that are counted on their own, whatever was asked. */
const isCounted = (outcome: Outcome) => typeof outcome === 'string' || outcome >= 500;

/**
 * What is wrong with an answer to keys.whoami. 429 is a yes: only a good key is counted and so limited, and any other
 * is owed a 401.
 * @param before what the key had to be when it was asked; what it has to be by now is in the key.
 */
export function verificationBreach(key: ToldKey, before: Fate, { outcome, body }: Reply): Breach | undefined {
  if (isCounted(outcome)) return undefined;
  const breach = (promise: string) => ({ promise, what: `${key.id}: ${outcome}` });
  if (before === 'revoked') return outcome === 401 ? undefined : breach('a revoked key is refused');
  if (outcome === 401) {
    return fateOf(key) === 'active' ? breach('a key that was told and not revoked is good') : undefined;
  }
  if (outcome === 429) {
    return key.uses < fewestUsesBefore429 ? breach('a key that is hardly used is not limited') : undefined;
  }
  const { id, clerkUserId, name } = (body ?? {}) as Record<string, unknown>;
  const itself = outcome === 200 && id === key.id && clerkUserId === key.user && name === key.name;
  return itself ? undefined : breach('a secret speaks for its own key');
}

/** What is wrong with the status of another call. */
export function statusBreach(
  call: string,
  outcome: Outcome,
  allowed: readonly number[],
  what: string,
): Breach | undefined {
  if (isCounted(outcome) || allowed.includes(Number(outcome))) return undefined;
  return { promise: `keys.${call} answers ${allowed.join(' or ')} here`, what: `${what}: ${outcome}` };
}

/** No 5xx but 503, and no answer missing that was owed. */
export function failureBreaches(tally: Tally): Breach[] {
  const failures = tally.outcomes.filter(
    (outcome) =>
      outcome === 'broken off' || (typeof outcome === 'number' && outcome >= 500 && outcome !== 503),
  );
  return tally.calls.flatMap((call) =>
    failures
      .filter((outcome) => tally.of(call, outcome) > 0)
      .map((outcome) => ({
        promise: outcome === 'broken off' ? 'a server that is up answers' : 'the only 5xx is 503',
        what: `${call}: ${outcome}, ${tally.of(call, outcome)} times`,
      })),
  );
}

/** What the count after the last restart shows to be broken. */
export function surveyBreaches(ledger: Ledger, survey: Survey): Breach[] {
  return [
    ...ledger.keys.flatMap((key) => keyBreaches(key, survey)),
    ...[...survey.lists].flatMap(([user, listed]) => listBreaches(user, listed, ledger, survey)),
  ];
}

function keyBreaches(key: ToldKey, survey: Survey): Breach[] {
  const reply = survey.verified.get(key.id) ?? { outcome: 'broken off', body: undefined };
  const fate = fateOf(key);
  const listed = survey.lists.get(key.user)?.some(({ id }) => id === key.id) ?? false;
  const works = reply.outcome === 200 || reply.outcome === 429;
  const what = `${key.id} of ${key.user}, ${fate}: ${reply.outcome}, ${listed ? '' : 'not '}listed`;
  const breaches = [verificationBreach(key, fate, reply)];
  if (isCounted(reply.outcome)) breaches.push({ promise: 'every key can be counted', what });
  if (fate === 'active' && !listed) breaches.push({ promise: 'an active key is listed by its owner', what });
  if (fate === 'revoked' && listed) breaches.push({ promise: 'a revoked key is not listed', what });
  if (fate === 'unsure' && listed !== works) {
    breaches.push({
      promise: 'a key whose revocation got no answer is either good and listed or neither',
      what,
    });
  }
  return breaches.filter((breach) => breach !== undefined);
}

function listBreaches(
  user: string,
  listed: Survey['lists'] extends ReadonlyMap<string, infer L> ? L : never,
  ledger: Ledger,
  survey: Survey,
): Breach[] {
  const told = new Map(ledger.keys.map((key) => [key.id, key]));
  const names = new Set<string>();
  const breaches: Breach[] = [];
  for (const { id, clerkUserId, name } of listed) {
    const what = `${id}, "${name}", in the list of ${user}`;
    if (clerkUserId !== user || (told.get(id)?.user ?? user) !== user) {
      breaches.push({ promise: 'a list holds its owner’s keys only', what });
    }
    if (names.has(name)) breaches.push({ promise: 'a user has one active key of a name', what });
    names.add(name);
    if (told.has(id)) continue;
    if (!ledger.mayBeUntold(user, name))
      breaches.push({ promise: 'a key is listed that somebody asked for', what });
    if (survey.untoldRevoked.get(id) !== 200) {
      const came = `${what}: ${survey.untoldRevoked.get(id) ?? 'not asked'}`;
      breaches.push({ promise: 'a key whose secret got lost can be revoked', what: came });
    }
  }
  return breaches;
}

/** Medians of the resident set, in MB. */
export interface Memory {
  readonly early: number;
  readonly late: number;
}

export function memoryBreaches({ early, late }: Memory): Breach[] {
  if (late <= early * mostGrowth) return [];
  const what = `${early.toFixed(0)} MB after the first tenth, ${late.toFixed(0)} MB at the end`;
  return [{ promise: `the server's memory stays within ${mostGrowth} times what it was`, what }];
}
