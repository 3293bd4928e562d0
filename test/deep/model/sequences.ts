import * as fc from 'fast-check';

/**
 * How a call to a part fails, `before` or `after` the part has carried it out. The answer to a `late` call arrives when the
 * other requests of its round have ended.
 */
export const faultKinds = [
  'refused',
  'late',
  'reset before',
  'reset after',
  'hang before',
  'hang after',
  '429',
  'no access',
  '500 before',
  '500 after',
  'truncated',
  'odd content type',
  'killed before',
  'killed after',
] as const;
export const parts = ['clerk', 'dynamodb', 'secretsManager'] as const;

export interface PlannedFault {
  readonly part: (typeof parts)[number];
  /** How many calls to the part succeed before it. */
  readonly skip: number;
  readonly kind: (typeof faultKinds)[number];
  /** How many calls fail: a retry helps, all three attempts of one operation fail, or every call from then on. */
  readonly times: 1 | 3 | 99;
}

/** The greatest index of a key: it is into all keys, whoever owns them. */
export const anybodys = 4;

export const atOnce = 3;

const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
/** An index into the keys that were told so far and that the user may manage, or that of {@link anybodys}. */
const key = fc.nat({ max: anybodys });
/** An index into all secrets that were told of the key, the newest first. */
const secret = fc.nat({ max: 2 });
const maybe = sometimes(fc.boolean());
const ofOrganization = maybe;
const does = <T extends string, Input>(
  weight: number,
  what: T,
  input: { [K in keyof Input]: fc.Arbitrary<Input[K]> },
) => ({
  weight,
  arbitrary: fc.record(input).map((given): { does: T } & Input => ({ does: what, ...(given as Input) })),
});

const action = fc.oneof(
  does(6, 'create', { name: fc.nat({ max: 1 }), ofOrganization, scoped: maybe, expires: maybe }),
  does(2, 'list', { limit: sometimes(fc.integer({ min: 1, max: 2 })), after: sometimes(key), ofOrganization }),
  does(1, 'get', { key }),
  does(1, 'usage', { key }),
  does(2, 'update', { key, enabled: fc.boolean() }),
  does(4, 'rotate', { key, graceful: fc.boolean() }),
  does(3, 'revoke', { key }),
  does(1, 'revoke self', { key, secret, altered: maybe }),
  does(4, 'whoami', { key, secret, altered: maybe }),
  // `lag`: Clerk still accepts keys of the user.
  does(1, 'delete user', { lag: maybe }),
  does(1, 'delete organization', { lag: maybe }),
  // Clerk changes the user, unless `banned` is undefined. The delivery says whether the user `wasBanned`.
  does(2, 'update user', { banned: maybe, wasBanned: fc.boolean() }),
  // So much time passes that the key expires, or that its grace period is over if it has begun.
  does(1, 'expire', { key }),
  does(1, 'end grace', { key }),
);

type MaybeUndefined<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T];
/** What may be undefined may be left out. */
type Optional<T> = T extends unknown ? Omit<T, MaybeUndefined<T>> & Partial<Pick<T, MaybeUndefined<T>>> : never;
type ValueOf<A> = A extends fc.Arbitrary<infer T> ? T : never;

export type Step = {
  readonly user: number;
  /** The user's role in the organization, which is then the session's active one. */
  readonly role?: 'admin' | 'member' | undefined;
  readonly fault?: PlannedFault | undefined;
  /** Whether the function has just started. */
  readonly cold?: boolean | undefined;
} & Optional<ValueOf<typeof action>>;

/** Requests that run at once, each in a process of its own, as in Lambda. */
export type Round = readonly Step[];

/** How many calls to each part an action can make: where a fault can be. */
const callsOf: Readonly<Record<Step['does'], Partial<Record<PlannedFault['part'], number>>>> = {
  create: { secretsManager: 1, clerk: 4, dynamodb: 10 },
  list: { secretsManager: 1, clerk: 2, dynamodb: 6 },
  get: { secretsManager: 1, dynamodb: 2 },
  usage: { secretsManager: 1, dynamodb: 2 },
  update: { secretsManager: 1, dynamodb: 4 },
  rotate: { secretsManager: 1, dynamodb: 4 },
  revoke: { secretsManager: 1, clerk: 2, dynamodb: 3 },
  'revoke self': { clerk: 2, dynamodb: 5 },
  whoami: { dynamodb: 3 },
  'delete user': { secretsManager: 1, clerk: 2, dynamodb: 6 },
  'delete organization': { secretsManager: 1, clerk: 2, dynamodb: 6 },
  'update user': { secretsManager: 1, clerk: 1, dynamodb: 6 },
  expire: {},
  'end grace': {},
};
const placesOf = (what: Step['does']) =>
  parts.flatMap((part) => Array.from({ length: callsOf[what][part] ?? 0 }, (_, skip) => ({ part, skip })));

/** Every fault of every call of an action, one at a time. */
export const faultsOf = (what: Step['does']): PlannedFault[] =>
  placesOf(what).flatMap((place) => faultKinds.map((kind) => ({ ...place, kind, times: 99 as const })));

const faultOf = (what: Step['does']): fc.Arbitrary<PlannedFault | undefined> => {
  if (placesOf(what).length === 0) return fc.constant(undefined);
  return fc
    .record({
      place: fc.constantFrom(...placesOf(what)),
      kind: fc.constantFrom(...faultKinds),
      times: fc.constantFrom(1, 3, 99),
    })
    .map(({ place, ...fault }) => ({ ...place, ...fault }));
};

const role = fc.constantFrom('admin', 'member', undefined);

const step = action.chain((what) =>
  fc.tuple(fc.nat({ max: 1 }), role, sometimes(faultOf(what.does)), sometimes(fc.constant(true))).map(
    ([user, role, fault, cold]): Step => ({
      user,
      ...(role && { role }),
      ...what,
      ...(fault && { fault }),
      ...((cold || fault?.part === 'secretsManager') && { cold: true }),
    }),
  ),
);

export const sequences = (rounds: number): fc.Arbitrary<Round[]> =>
  fc.array(
    fc.oneof(
      step.map((alone) => [alone]),
      fc.array(step, { minLength: 2, maxLength: atOnce }),
    ),
    { minLength: 1, maxLength: rounds },
  );
