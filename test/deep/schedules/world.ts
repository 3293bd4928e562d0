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
  /** A delivery about a ban changes only what no delivery with a higher number has changed. */
  suspensionNumber: true,
  /** A delivery takes its number before it asks Clerk whether the user is banned. */
  numberFirst: true,
  /** A delivery asks Clerk whether the user is banned. */
  asksClerk: true,
  /** A delivery about a ban makes a tombstone of an entry without a key. */
  banTombstone: true,
  /** A creation stores the owner's suspension number with the key. */
  numberOfOwner: true,
};
export type Guards = typeof allGuards;

interface Suspension {
  readonly suspended: boolean;
  readonly number: number;
}
const never: Suspension = { suspended: false, number: 0 };

/** The table and Clerk, for one owner and one key name. A key's id is the name of the creation that drew it. */
export interface World {
  ownerDeleted: boolean;
  /** Whether the user is banned at Clerk. */
  banned: boolean;
  /** The number of the last delivery about a ban. */
  deliveries: number;
  /** What deliveries have written to the owner and to keys, with their numbers. */
  ownerSuspension: Suspension;
  suspensions: Record<string, Suspension>;
  entries: string[];
  /** `pending` and `revoked`: by the owner, before and after Clerk was told. `buried`: by a clean-up's tombstone. */
  keys: Record<string, 'live' | 'pending' | 'revoked' | 'buried'>;
  /** Clerk's keys, by the key id in their claims. */
  clerk: Record<string, 'valid' | 'revoked'>;
}

export const emptyWorld: World = {
  ownerDeleted: false,
  banned: false,
  deliveries: 0,
  ownerSuspension: never,
  suspensions: {},
  entries: [],
  keys: {},
  clerk: {},
};

/** Equal worlds have equal JSON. */
export function canonical({ entries, keys, clerk, suspensions, ...owner }: World): string {
  const sorted = [keys, clerk, suspensions].map((of) => Object.entries(of).sort());
  return JSON.stringify([owner, entries.sort(), ...sorted]);
}

export const isSuspended = ({ suspensions }: World, id: string) => suspensions[id]?.suspended === true;

const stateOf = ({ keys }: World, id: string) => (keys[id] === 'buried' ? 'revoked' : (keys[id] ?? 'none'));

const isActive = ({ ownerDeleted, ownerSuspension }: World) => !ownerDeleted && !ownerSuspension.suspended;

function setSuspended(world: World, id: string, suspended: boolean, number: number, { suspensionNumber }: Guards) {
  if (world.keys[id] !== 'live') return world.keys[id] ? 'ok' : 'none';
  if (suspensionNumber && (world.suspensions[id]?.number ?? 0) >= number) return 'ok';
  world.suspensions[id] = { suspended, number };
  return 'ok';
}

/** Each is atomic: it changes the world and returns what its caller is told, or `ok` where it returns nothing. */
const operations = {
  countAttempt: (world) => (isActive(world) ? 'ok' : 'refused'),
  putEntry: (world, id) => void Object.assign(world, { entries: [...new Set([...world.entries, id])] }),
  deleteEntry: (world, id) => void Object.assign(world, { entries: world.entries.filter((entry) => entry !== id) }),
  /** The ids of the owner's entries, its suspension number, and the word `refused` for a deleted or suspended owner. */
  queryOwner: (world) =>
    [...world.entries, ...(isActive(world) ? [] : ['refused']), `#${world.ownerSuspension.number}`].join(' '),
  queryEntries: ({ entries }) => entries.join(' '),
  getKey: stateOf,
  putKey: (world, id, { conditionalPut }, number) => {
    if (conditionalPut && world.keys[id]) return stateOf(world, id);
    world.keys[id] = 'live';
    if (number > 0) world.suspensions[id] = { suspended: false, number };
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
  markOwner: (world) => void Object.assign(world, { ownerDeleted: true }),
  ban: (world) => void Object.assign(world, { banned: true }),
  liftBan: (world) => void Object.assign(world, { banned: false }),
  readDeliveries: ({ deliveries }) => (deliveries > 0 ? 'some' : 'none'),
  beginDelivery: (world) => {
    world.deliveries += 1;
    return String(world.deliveries);
  },
  clerkUser: ({ banned }) => (banned ? 'banned' : 'active'),
  suspendOwner: (world, state, { suspensionNumber }, number) => {
    const written = world.ownerSuspension.number;
    // With the same number, it is a retry of the SDK.
    if (suspensionNumber && written >= number) return written === number ? 'ok' : 'older';
    world.ownerSuspension = { suspended: state === 'banned', number };
    return 'ok';
  },
  suspendKey: (world, id, guards, number) => setSuspended(world, id, true, number, guards),
  resumeKey: (world, id, guards, number) => setSuspended(world, id, false, number, guards),
  clerkCreate: ({ clerk }, id) => {
    if (Object.values(clerk).includes('valid')) return 'taken';
    clerk[id] = 'valid';
    return 'ok';
  },
  clerkFind: ({ clerk }) => Object.keys(clerk).find((id) => clerk[id] === 'valid') ?? 'none',
  clerkRevoke: ({ clerk }, id) => {
    if (clerk[id]) clerk[id] = 'revoked';
  },
} satisfies Record<string, (world: World, id: string, guards: Guards, number: number) => unknown>;

type Kind = keyof typeof operations;
/** An operation's name, the key's id if it needs one, and the number of a delivery. */
export type Operation = Kind | `${Kind} ${string}`;

export function perform(operation: Operation, world: World, guards: Guards): string {
  const [kind, id = '', number] = operation.split(' ') as [Kind, string?, string?];
  return operations[kind](world, id, guards, Number(number ?? 0)) ?? 'ok';
}

const keyStates = 'none live pending revoked';
const results: Partial<Record<Kind, string>> = {
  countAttempt: 'ok refused',
  getKey: keyStates,
  putKey: `ok ${keyStates}`,
  tombstone: 'ok live',
  revokeKey: `ok ${keyStates}`,
  revokeOrTombstone: 'pending revoked',
  readDeliveries: 'some none',
  clerkUser: 'banned active',
  suspendOwner: 'ok older',
  suspendKey: 'ok none',
  resumeKey: 'ok none',
  clerkCreate: 'ok taken',
};

/** All results that an operation can have among keys of these ids, with up to so many deliveries. */
export function resultsOf(operation: Operation, ids: readonly string[], deliveries: number): readonly string[] {
  const [kind] = operation.split(' ') as [Kind];
  const numbers = Array.from({ length: deliveries + 1 }, (_, number) => number);
  if (kind === 'clerkFind') return ['none', ...ids];
  if (kind === 'beginDelivery') return numbers.slice(1).map(String);
  if (kind === 'queryEntries') return subsets(ids);
  if (kind === 'queryOwner') {
    return subsets([...ids, 'refused']).flatMap((items) => numbers.map((number) => `${items} #${number}`.trim()));
  }
  return (results[kind] ?? 'ok').split(' ');
}

function subsets(items: readonly string[]): string[] {
  let lists = [''];
  for (const item of items) lists = lists.flatMap((list) => [list, `${list} ${item}`.trim()]);
  return lists;
}

export const isRead = (operation: Operation) => /^(query|getKey|readDeliveries|clerkFind|clerkUser)/.test(operation);
/** By the AWS SDK, when the answer was lost. */
export const isRetried = (operation: Operation) => !isRead(operation) && !operation.startsWith('clerk');
/** Whether it never changes the world again once it would change nothing. */
export function isOnce(operation: Operation, { keys }: World, { conditionalPut, suspensionNumber }: Guards): boolean {
  const [kind, id = ''] = operation.split(' ');
  if (kind === 'putKey') return conditionalPut;
  if (kind === 'suspendOwner') return suspensionNumber;
  if (kind === 'suspendKey' || kind === 'resumeKey') return suspensionNumber && keys[id] !== undefined;
  return /^(markOwner|tombstone|revokeOrTombstone)/.test(operation);
}
