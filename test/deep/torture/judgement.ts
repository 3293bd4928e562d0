import type { Ledger, Outcome, State, ToldKey } from './ledger';
import { connections, type ListedKey, type Reply, type Service } from './service';
import type { Tally } from './tally';

export interface Breach {
  readonly promise: string;
  /** Which key, which call; ids and names, never a secret. */
  readonly what: string;
}

/** How many times its early size the resident set may have. */
const maxGrowth = 1.3;
/** A key may make 100 requests a minute. A use is counted twice if an answer of DynamoDB's was lost, so some end sooner. */
const minUsesBefore429 = 50;

/** Counted separately, whatever was called. */
const isFailure = (outcome: Outcome) => typeof outcome === 'string' || outcome >= 500;

/**
 * What is wrong with an answer of keys.whoami. Only a valid key is counted, so 429 means that it is valid.
 * @param before the key's state when it was sent; its state now is in the key.
 */
export function verificationBreach(key: ToldKey, before: State, { outcome, body }: Reply): Breach | undefined {
  if (isFailure(outcome)) return undefined;
  const breach = (promise: string) => ({ promise, what: `${key.id}: ${outcome}` });
  if (before === 'revoked') return outcome === 401 ? undefined : breach('a revoked key is refused');
  if (outcome === 401) {
    return key.state === 'active' ? breach('a key that was told and not revoked is valid') : undefined;
  }
  if (outcome === 429) {
    return key.uses < minUsesBefore429 ? breach('a key with few uses is not limited') : undefined;
  }
  const { id, clerkUserId, name } = (body ?? {}) as Record<string, unknown>;
  const isItself = outcome === 200 && id === key.id && clerkUserId === key.user && name === key.name;
  return isItself ? undefined : breach('a secret identifies its own key');
}

export function statusBreach(call: string, outcome: Outcome, allowed: readonly number[], what: string) {
  if (isFailure(outcome) || allowed.includes(Number(outcome))) return undefined;
  return { promise: `keys.${call} answers ${allowed.join(' or ')} here`, what: `${what}: ${outcome}` };
}

/** No 5xx but 503, and no answer missing while the server runs. */
export function failureBreaches(tally: Tally): Breach[] {
  return tally.entries().flatMap(([call, outcome, count]) => {
    const what = `${call}: ${outcome}, ${count} times`;
    if (outcome === 'broken off') return [{ promise: 'a server that runs answers', what }];
    return isFailure(outcome) && typeof outcome === 'number' && outcome !== 503
      ? [{ promise: 'the only 5xx is 503', what }]
      : [];
  });
}

/** Everything that the service has promised, as it answers at the end. */
export interface Survey {
  /** The reply of keys.whoami, by the key's id. */
  readonly verified: ReadonlyMap<string, Reply>;
  readonly lists: ReadonlyMap<string, readonly ListedKey[]>;
  /** The outcome of keys.revoke for listed keys whose secret nobody was told, by id. */
  readonly untoldRevoked: ReadonlyMap<string, Outcome>;
}

export async function survey(service: Service, ledger: Ledger, users: readonly string[]): Promise<Survey> {
  const verified = await each(ledger.keys, async (key) => {
    key.uses += 1;
    return [key.id, await patiently(() => service.whoami(key.secret))] as const;
  });
  const lists = await each(users, async (user) => [user, await wholeList(service, user)] as const);
  const told = new Set(ledger.keys.map(({ id }) => id));
  const untold = lists.flatMap(([user, listed]) =>
    listed.filter(({ id }) => !told.has(id)).map(({ id }) => ({ user, id })),
  );
  const untoldRevoked = await each(untold, async ({ user, id }) => {
    const { outcome } = await patiently(() => service.revoke(user, id));
    return [id, outcome] as const;
  });
  return { verified: new Map(verified), lists: new Map(lists), untoldRevoked: new Map(untoldRevoked) };
}

async function wholeList(service: Service, user: string): Promise<ListedKey[]> {
  const listed: ListedKey[] = [];
  for (let page: ListedKey[] | undefined; !page || page.length === 100; listed.push(...page)) {
    const { outcome, body } = await patiently(() => service.list(user, 100, listed.at(-1)?.id));
    page = outcome === 200 ? (body as ListedKey[]) : [];
  }
  return listed;
}

/** Calls up to ten times while the answer is 503, with pauses. */
async function patiently(call: () => Promise<Reply>): Promise<Reply> {
  let reply = await call();
  for (let tries = 1; reply.outcome === 503 && tries < 10; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100 * tries));
    reply = await call();
  }
  return reply;
}

/** As many calls at once as there are connections. */
async function each<T, R>(items: readonly T[], call: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.values();
  const work = async () => {
    for (const item of left) results.push(await call(item));
  };
  await Promise.all(Array.from({ length: connections }, work));
  return results;
}

export function surveyBreaches(ledger: Ledger, found: Survey): Breach[] {
  return [
    ...ledger.keys.flatMap((key) => keyBreaches(key, found)),
    ...[...found.lists].flatMap(([user, listed]) => listBreaches(user, listed, ledger, found)),
  ];
}

function keyBreaches(key: ToldKey, { verified, lists }: Survey): Breach[] {
  const reply = verified.get(key.id) ?? { outcome: 'broken off' as const };
  const { state } = key;
  const listed = lists.get(key.user)?.some(({ id }) => id === key.id) ?? false;
  const isValid = reply.outcome === 200 || reply.outcome === 429;
  const verification = verificationBreach(key, state, reply);
  const others = broken(`${key.id} of ${key.user}, ${state}: ${reply.outcome}, ${listed ? '' : 'not '}listed`, {
    'every key can be verified at the end': isFailure(reply.outcome),
    'an active key is listed by its owner': state === 'active' && !listed,
    'a revoked key is not listed': state === 'revoked' && listed,
    'a key whose revocation got no answer is either valid and listed or neither':
      state === 'unsure' && listed !== isValid,
  });
  return [...(verification ? [verification] : []), ...others];
}

function listBreaches(user: string, listed: readonly ListedKey[], ledger: Ledger, found: Survey): Breach[] {
  const told = new Map(ledger.keys.map((key) => [key.id, key]));
  const names = listed.map(({ name }) => name);
  return listed.flatMap(({ id, clerkUserId, name }, n) => {
    const revoked = told.has(id) ? 200 : found.untoldRevoked.get(id);
    return broken(`${id}, "${name}", in the list of ${user}: ${revoked}`, {
      'a list holds only its owner’s keys': clerkUserId !== user || (told.get(id)?.user ?? user) !== user,
      'a user has one active key of a name': names.indexOf(name) < n,
      'somebody has asked for every listed key': !told.has(id) && !ledger.mayBeUntold(user, name),
      'a key whose secret is lost can be revoked': revoked !== 200,
    });
  });
}

const broken = (what: string, promises: Record<string, boolean>): Breach[] =>
  Object.entries(promises).flatMap(([promise, isBroken]) => (isBroken ? [{ promise, what }] : []));

/** Medians of the resident set, in MB. */
export interface Memory {
  readonly early: number;
  readonly late: number;
}

export function memoryBreaches({ early, late }: Memory): Breach[] {
  if (late <= early * maxGrowth) return [];
  const what = `${early.toFixed(0)} MB after the first tenth, ${late.toFixed(0)} MB at the end`;
  return [{ promise: `the server's memory stays below ${maxGrowth} times its early size`, what }];
}
