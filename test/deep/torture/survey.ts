import type { Ledger, Outcome } from './ledger';
import { connections, type Reply, type Service } from './service';

export interface ListedKey {
  readonly id: string;
  readonly clerkUserId: string;
  readonly name: string;
}

/** What the service says when it is asked for everything that it has promised. */
export interface Survey {
  /** keys.whoami's reply, by the key's id. */
  readonly verified: ReadonlyMap<string, Reply>;
  /** keys.list's, by user. */
  readonly lists: ReadonlyMap<string, readonly ListedKey[]>;
  /** How keys.revoke answered for the keys in the lists whose secret nobody was told, by id. */
  readonly untoldRevoked: ReadonlyMap<string, Outcome>;
}

/** Asks for every key and every list; what is answered 503 is asked again, five times at most. */
export async function survey(service: Service, ledger: Ledger, users: readonly string[]): Promise<Survey> {
  const verified = await each(ledger.keys, async (key) => {
    key.uses += 1;
    return [key.id, await patiently(() => service.whoami(key.secret))] as const;
  });
  const lists = await each(users, async (user) => {
    const { outcome, body } = await patiently(() => service.list(user));
    return [user, outcome === 200 ? (body as ListedKey[]) : []] as const;
  });
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

async function patiently(ask: () => Promise<Reply>): Promise<Reply> {
  let reply = await ask();
  for (let tries = 1; reply.outcome === 503 && tries < 5; tries += 1) reply = await ask();
  return reply;
}

/** As many at once as there are connections. */
async function each<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.values();
  const work = async () => {
    for (const item of left) results.push(await ask(item));
  };
  await Promise.all(Array.from({ length: connections }, work));
  return results;
}
