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

/**
 * One request of one user. `key` and `after` are an index into the keys that were told so far and that the user may
 * manage. The index {@link anybodys}, and any index if there is no such key, is into all keys that were told. `secret` is
 * an index into all secrets that were told of the key, the newest first.
 */
export type Step = {
  readonly user: number;
  /** The user's role in the organization, which is then the session's active one. */
  readonly role?: 'admin' | 'member' | undefined;
  readonly fault?: PlannedFault | undefined;
  /** Whether the function has just started. */
  readonly cold?: boolean | undefined;
} & (
  | {
      readonly does: 'create';
      readonly name: number;
      readonly ofOrganization?: boolean | undefined;
      readonly scoped?: boolean | undefined;
      readonly expires?: boolean | undefined;
    }
  | {
      readonly does: 'list';
      readonly limit?: number | undefined;
      readonly after?: number | undefined;
      readonly ofOrganization?: boolean | undefined;
    }
  | { readonly does: 'get'; readonly key: number }
  | { readonly does: 'usage'; readonly key: number }
  | { readonly does: 'update'; readonly key: number; readonly enabled: boolean }
  | { readonly does: 'rotate'; readonly key: number; readonly graceful: boolean }
  | { readonly does: 'revoke'; readonly key: number }
  | {
      readonly does: 'revoke self';
      readonly key: number;
      readonly secret: number;
      readonly altered?: boolean | undefined;
    }
  | { readonly does: 'whoami'; readonly key: number; readonly secret: number; readonly altered?: boolean | undefined }
  /** `lag`: Clerk still accepts keys of the user. */
  | { readonly does: 'delete user'; readonly lag?: boolean | undefined }
  | { readonly does: 'delete organization'; readonly lag?: boolean | undefined }
  /** Clerk changes the user, unless `banned` is undefined. The delivery says whether the user `wasBanned`. */
  | { readonly does: 'update user'; readonly banned?: boolean | undefined; readonly wasBanned: boolean }
  /** So much time passes that the key expires, or that its grace period is over if it has begun. */
  | { readonly does: 'expire'; readonly key: number }
  | { readonly does: 'end grace'; readonly key: number }
);

/** Requests that run at once, each in a process of its own, as in Lambda. */
export type Round = readonly Step[];

/** How many processes there are. */
export const atOnce = 3;

const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const key = fc.nat({ max: anybodys });
const does = <T extends string>(what: T) => fc.constant(what);

const secret = fc.nat({ max: 2 });
const maybe = sometimes(fc.boolean());

const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: does('create'),
      name: fc.nat({ max: 1 }),
      ofOrganization: maybe,
      scoped: maybe,
      expires: maybe,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: does('list'),
      limit: sometimes(fc.integer({ min: 1, max: 2 })),
      after: sometimes(key),
      ofOrganization: maybe,
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: does('get'), key }) },
  { weight: 1, arbitrary: fc.record({ does: does('usage'), key }) },
  { weight: 2, arbitrary: fc.record({ does: does('update'), key, enabled: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ does: does('rotate'), key, graceful: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ does: does('revoke'), key }) },
  { weight: 1, arbitrary: fc.record({ does: does('revoke self'), key, secret, altered: maybe }) },
  { weight: 4, arbitrary: fc.record({ does: does('whoami'), key, secret, altered: maybe }) },
  { weight: 1, arbitrary: fc.record({ does: does('delete user'), lag: maybe }) },
  { weight: 1, arbitrary: fc.record({ does: does('delete organization'), lag: maybe }) },
  { weight: 2, arbitrary: fc.record({ does: does('update user'), banned: maybe, wasBanned: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ does: does('expire'), key }) },
  { weight: 1, arbitrary: fc.record({ does: does('end grace'), key }) },
);

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

/** Sequences of up to so many rounds. */
export const sequences = (rounds: number): fc.Arbitrary<Round[]> =>
  fc.array(
    fc.oneof(
      step.map((alone) => [alone]),
      fc.array(step, { minLength: 2, maxLength: atOnce }),
    ),
    { minLength: 1, maxLength: rounds },
  );
