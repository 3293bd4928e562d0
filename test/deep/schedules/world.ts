/** What keeps the promises. The test leaves out one at a time. */
export const allGuards = {
  /** A key's put fails if there is an item. */
  conditionalPut: true,
  /** The entry is there before the key. */
  entryFirst: true,
  /** A creation looks for the owner's deletion after its entry is there. */
  ownerMark: true,
  /** Whoever gives up a key that may still be put makes its tombstone first. */
  tombstone: true,
  /** A tombstone never replaces a key. */
  tombstoneCondition: true,
};
export type Guards = typeof allGuards;

/** The table and Clerk, for one owner and one key name. A key's id is the name of the creation that drew it. */
export interface World {
  ownerDeleted: boolean;
  entries: string[];
  /** `pending` and `revoked`: by the owner, before and after Clerk was told. `buried`: by a clean-up's tombstone. */
  keys: Record<string, 'live' | 'pending' | 'revoked' | 'buried'>;
  /** Clerk's keys, by the key id in their claims. */
  clerk: Record<string, 'valid' | 'revoked'>;
}

export const emptyWorld: World = { ownerDeleted: false, entries: [], keys: {}, clerk: {} };

/** Equal worlds have equal JSON. */
export function canonical({ ownerDeleted, entries, keys, clerk }: World): string {
  return JSON.stringify([ownerDeleted, entries.sort(), Object.entries(keys).sort(), Object.entries(clerk).sort()]);
}

const stateOf = ({ keys }: World, id: string) => (keys[id] === 'buried' ? 'revoked' : (keys[id] ?? 'none'));

/** Each is atomic: it changes the world and returns what its caller is told, or `ok` where it returns nothing. */
const operations = {
  countAttempt: ({ ownerDeleted }) => (ownerDeleted ? 'deleted' : 'ok'),
  putEntry: (world, id) => {
    world.entries = [...new Set([...world.entries, id])];
  },
  deleteEntry: (world, id) => {
    world.entries = world.entries.filter((entry) => entry !== id);
  },
  /** The ids of the owner's entries, and the word `deleted` for a marked owner. */
  queryOwner: ({ entries, ownerDeleted }) => [...entries, ...(ownerDeleted ? ['deleted'] : [])].join(' '),
  getKey: stateOf,
  putKey: (world, id, { conditionalPut }) => {
    if (conditionalPut && world.keys[id]) return stateOf(world, id);
    world.keys[id] = 'live';
    return 'ok';
  },
  tombstone: ({ keys }, id, { tombstoneCondition }) => {
    if (tombstoneCondition && keys[id] === 'live') return 'live';
    if (!keys[id] || keys[id] === 'live') keys[id] = 'buried';
    return 'ok';
  },
  revokeKey: (world, id) => {
    if (world.keys[id] !== 'live') return stateOf(world, id);
    world.keys[id] = 'pending';
    return 'ok';
  },
  /** The deletion's, which makes the tombstone of a key that is not there. */
  revokeOrTombstone: (world, id) => {
    if (!world.keys[id]) world.keys[id] = 'revoked';
    else if (world.keys[id] === 'live') world.keys[id] = 'pending';
    return stateOf(world, id);
  },
  clearPending: ({ keys }, id) => {
    if (keys[id] === 'pending') keys[id] = 'revoked';
  },
  markOwner: (world) => {
    world.ownerDeleted = true;
  },
  clerkCreate: ({ clerk }, id) => {
    if (Object.values(clerk).includes('valid')) return 'taken';
    clerk[id] = 'valid';
    return 'ok';
  },
  clerkFind: ({ clerk }) => Object.keys(clerk).find((id) => clerk[id] === 'valid') ?? 'none',
  clerkRevoke: ({ clerk }, id) => {
    if (clerk[id]) clerk[id] = 'revoked';
  },
} satisfies Record<string, (world: World, id: string, guards: Guards) => unknown>;

type Kind = keyof typeof operations;
/** An operation's name and the key's id, if it needs one. */
export type Operation = Kind | `${Kind} ${string}`;

export function perform(operation: Operation, world: World, guards: Guards): string {
  const [kind, id = ''] = operation.split(' ') as [Kind, string?];
  return operations[kind](world, id, guards) ?? 'ok';
}

const keyStates = 'none live pending revoked';
const results: Partial<Record<Kind, string>> = {
  countAttempt: 'ok deleted',
  getKey: keyStates,
  putKey: `ok ${keyStates}`,
  tombstone: 'ok live',
  revokeKey: `ok ${keyStates}`,
  revokeOrTombstone: 'pending revoked',
  clerkCreate: 'ok taken',
};

/** All results that an operation can have among keys of these ids. */
export function resultsOf(operation: Operation, ids: readonly string[]): readonly string[] {
  const [kind] = operation.split(' ') as [Kind];
  if (kind === 'clerkFind') return ['none', ...ids];
  if (kind !== 'queryOwner') return (results[kind] ?? 'ok').split(' ');
  let lists = [''];
  for (const item of [...ids, 'deleted']) lists = lists.flatMap((items) => [items, `${items} ${item}`.trim()]);
  return lists;
}

export const isRead = (operation: Operation) => /^(queryOwner|getKey|clerkFind)/.test(operation);
/** By the AWS SDK, when the answer was lost. */
export const isRetried = (operation: Operation) => !isRead(operation) && !operation.startsWith('clerk');
/** Whether it never changes the world again once it would change nothing. */
export const isOnce = (operation: Operation, { conditionalPut }: Guards) =>
  /^(markOwner|tombstone|revokeOrTombstone)/.test(operation) || (conditionalPut && operation.startsWith('putKey'));
