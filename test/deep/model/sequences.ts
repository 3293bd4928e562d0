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

/** One request of one user. `key` and `after` are an index into all keys that were told so far, whoever owns them. */
export type Step = {
  readonly user: number;
  readonly fault?: PlannedFault | undefined;
  /** Whether the function has just started. */
  readonly cold?: boolean | undefined;
} & (
  | { readonly does: 'create'; readonly name: number }
  | { readonly does: 'list'; readonly limit?: number | undefined; readonly after?: number | undefined }
  | { readonly does: 'get'; readonly key: number }
  | { readonly does: 'revoke'; readonly key: number }
  | { readonly does: 'whoami'; readonly key: number; readonly altered?: boolean | undefined }
  /** `lag`: Clerk still accepts keys of the user. */
  | { readonly does: 'delete user'; readonly lag?: boolean | undefined }
);

/** Requests that run at once, each in a process of its own, as in Lambda. */
export type Round = readonly Step[];

/** How many processes there are. */
export const atOnce = 3;

const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const key = fc.nat({ max: 4 });
const does = <T extends string>(what: T) => fc.constant(what);

const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: does('create'), name: fc.nat({ max: 1 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: does('list'),
      limit: sometimes(fc.integer({ min: 1, max: 2 })),
      after: sometimes(key),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: does('get'), key }) },
  { weight: 4, arbitrary: fc.record({ does: does('revoke'), key }) },
  { weight: 2, arbitrary: fc.record({ does: does('whoami'), key, altered: sometimes(fc.boolean()) }) },
  { weight: 1, arbitrary: fc.record({ does: does('delete user'), lag: sometimes(fc.boolean()) }) },
);

/** How many calls to each part an action can make: where a fault can be. */
const callsOf: Readonly<Record<Step['does'], Partial<Record<PlannedFault['part'], number>>>> = {
  create: { secretsManager: 1, clerk: 4, dynamodb: 10 },
  list: { secretsManager: 1, clerk: 2, dynamodb: 6 },
  get: { secretsManager: 1, dynamodb: 2 },
  revoke: { secretsManager: 1, clerk: 2, dynamodb: 3 },
  whoami: { dynamodb: 3 },
  'delete user': { secretsManager: 1, clerk: 2, dynamodb: 6 },
};
const placesOf = (what: Step['does']) =>
  parts.flatMap((part) => Array.from({ length: callsOf[what][part] ?? 0 }, (_, skip) => ({ part, skip })));

/** Every fault of every call of an action, one at a time. */
export const faultsOf = (what: Step['does']): PlannedFault[] =>
  placesOf(what).flatMap((place) => faultKinds.map((kind) => ({ ...place, kind, times: 99 as const })));

const faultOf = (what: Step['does']): fc.Arbitrary<PlannedFault> =>
  fc
    .record({
      place: fc.constantFrom(...placesOf(what)),
      kind: fc.constantFrom(...faultKinds),
      times: fc.constantFrom(1, 3, 99),
    })
    .map(({ place, ...fault }) => ({ ...place, ...fault }));

const step = action.chain((what) =>
  fc.tuple(fc.nat({ max: 1 }), sometimes(faultOf(what.does)), sometimes(fc.constant(true))).map(
    ([user, fault, cold]): Step => ({
      user,
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
