import * as fc from 'fast-check';

/** How a call to a part fails; `before` or `after` the part has carried it out. */
export const faultKinds = [
  'refused',
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
  /** How many calls to the part pass before it. */
  readonly after: number;
  readonly kind: (typeof faultKinds)[number];
  /** How many calls fail: a retry helps, or the three tries of one operation, or nothing works any more. */
  readonly times: 1 | 3 | 99;
}

/** One request of one user. `key` counts among all keys that anybody was told so far, whoever owns it. */
export type Step = {
  readonly user: number;
  readonly fault?: PlannedFault | undefined;
  /** Whether it meets a function that has just started. */
  readonly cold?: boolean | undefined;
} & (
  | { readonly does: 'create'; readonly name: number }
  | { readonly does: 'list' }
  | { readonly does: 'revoke'; readonly key: number }
  | { readonly does: 'whoami'; readonly key: number; readonly altered?: boolean | undefined }
  | { readonly does: 'delete user' }
);

/** What runs at once, each in a process of its own, as in Lambda. */
export type Round = readonly Step[];

/** How many processes there are. */
export const atOnce = 3;

const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const user = fc.nat({ max: 1 });
const key = fc.nat({ max: 4 });

const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('create' as const), name: fc.nat({ max: 1 }) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('list' as const) }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('revoke' as const), key }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('whoami' as const), key, altered: sometimes(fc.boolean()) }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('delete user' as const) }) },
);
/** The calls that an action may come to make, as part and place: where a fault hits. */
const callsOf: Readonly<Record<Step['does'], readonly [PlannedFault['part'], number][]>> = {
  create: [
    ['secretsManager', 0],
    ['clerk', 0],
    ['clerk', 0],
    ['dynamodb', 0],
    ['dynamodb', 0],
    ['dynamodb', 1],
    ['clerk', 1],
  ],
  list: [
    ['dynamodb', 0],
    ['clerk', 0],
    ['dynamodb', 1],
  ],
  revoke: [
    ['dynamodb', 0],
    ['clerk', 0],
    ['dynamodb', 1],
  ],
  whoami: [
    ['dynamodb', 0],
    ['dynamodb', 1],
    ['dynamodb', 2],
  ],
  'delete user': [
    ['secretsManager', 0],
    ['dynamodb', 0],
    ['dynamodb', 1],
    ['dynamodb', 2],
    ['clerk', 0],
    ['dynamodb', 3],
  ],
};

const faultOf = (does: Step['does']): fc.Arbitrary<PlannedFault> =>
  fc
    .record({
      place: fc.constantFrom(...callsOf[does]),
      kind: fc.constantFrom(...faultKinds),
      times: fc.constantFrom(1, 3, 99),
    })
    .map(({ place: [part, after], kind, times }) => ({ part, after, kind, times }));

const step = action.chain((what) =>
  fc.tuple(user, sometimes(faultOf(what.does)), sometimes(fc.constant(true))).map(
    ([who, fault, cold]): Step => ({
      user: who,
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
