import type { Guards } from './guards';

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
  return JSON.stringify([
    ownerDeleted,
    entries.sort(),
    Object.entries(keys).sort(),
    Object.entries(clerk).sort(),
  ]);
}

const stateOf = ({ keys }: World, id: string) => (keys[id] === 'buried' ? 'revoked' : (keys[id] ?? 'none'));

/** Each is atomic: it changes the world and returns what its caller is told. */
const operations = {
  countAttempt: (world: World) => (world.ownerDeleted ? 'deleted' : 'ok'),
  putEntry: (world: World, id: string) => {
    if (!world.entries.includes(id)) world.entries.push(id);
    return 'ok';
  },
  deleteEntry: (world: World, id: string) => {
    world.entries = world.entries.filter((entry) => entry !== id);
    return 'ok';
  },
  /** The ids of the owner's entries, and the word `deleted` for a marked owner. */
  queryOwner: ({ entries, ownerDeleted }: World) =>
    [...entries, ...(ownerDeleted ? ['deleted'] : [])].join(' '),
  getKey: stateOf,
  putKey: (world: World, id: string, { conditionalPut }: Guards) => {
    if (conditionalPut && world.keys[id]) return stateOf(world, id);
    world.keys[id] = 'live';
    return 'ok';
  },
  tombstone: ({ keys }: World, id: string, { tombstoneCondition }: Guards) => {
    if (tombstoneCondition && keys[id] === 'live') return 'live';
    if (!keys[id] || keys[id] === 'live') keys[id] = 'buried';
    return 'ok';
  },
  revokeKey: (world: World, id: string) => {
    if (world.keys[id] !== 'live') return stateOf(world, id);
    world.keys[id] = 'pending';
    return 'ok';
  },
  /** The deletion's, which makes the tombstone of a key that is not there. */
  revokeOrTombstone: (world: World, id: string) => {
    if (!world.keys[id]) world.keys[id] = 'revoked';
    else if (world.keys[id] === 'live') world.keys[id] = 'pending';
    return stateOf(world, id);
  },
  clearPending: ({ keys }: World, id: string) => {
    if (keys[id] === 'pending') keys[id] = 'revoked';
    return 'ok';
  },
  markOwner: (world: World) => {
    world.ownerDeleted = true;
    return 'ok';
  },
  clerkCreate: ({ clerk }: World, id: string) => {
    if (Object.values(clerk).includes('valid')) return 'in use';
    clerk[id] = 'valid';
    return 'ok';
  },
  clerkFind: ({ clerk }: World) => Object.keys(clerk).find((id) => clerk[id] === 'valid') ?? 'none',
  clerkRevoke: ({ clerk }: World, id: string) => {
    if (clerk[id]) clerk[id] = 'revoked';
    return 'ok';
  },
} satisfies Record<string, (world: World, id: string, guards: Guards) => string>;

type Kind = keyof typeof operations;
/** An operation's name and the key's id, if it needs one. */
export type Operation = Kind | `${Kind} ${string}`;

const kindOf = (operation: Operation) => operation.split(' ')[0] as Kind;

export function perform(operation: Operation, world: World, guards: Guards): string {
  return operations[kindOf(operation)](world, operation.split(' ')[1] ?? '', guards);
}

const keyStates = ['none', 'live', 'pending', 'revoked'];
const results: Partial<Record<Kind, string[]>> = {
  countAttempt: ['ok', 'deleted'],
  getKey: keyStates,
  putKey: ['ok', ...keyStates],
  tombstone: ['ok', 'live'],
  revokeKey: ['ok', ...keyStates],
  revokeOrTombstone: ['pending', 'revoked'],
  clerkCreate: ['ok', 'in use'],
};

/** All results that an operation can have among keys of these ids. */
export function resultsOf(operation: Operation, ids: readonly string[]): readonly string[] {
  const kind = kindOf(operation);
  if (kind === 'clerkFind') return ['none', ...ids];
  if (kind !== 'queryOwner') return results[kind] ?? ['ok'];
  let lists = [''];
  for (const item of [...ids, 'deleted'])
    lists = lists.flatMap((items) => [items, `${items} ${item}`.trim()]);
  return lists;
}

const kinds = (...names: Kind[]) => {
  const set = new Set(names);
  return (operation: Operation) => set.has(kindOf(operation));
};
export const isRead = kinds('queryOwner', 'getKey', 'clerkFind');
export const isClerks = kinds('clerkCreate', 'clerkFind', 'clerkRevoke');
const once = kinds('markOwner', 'tombstone', 'revokeOrTombstone');
/** Whether it never changes the world again once it would change nothing. */
export const isOnce = (operation: Operation, { conditionalPut }: Guards) =>
  once(operation) || (conditionalPut && kindOf(operation) === 'putKey');
