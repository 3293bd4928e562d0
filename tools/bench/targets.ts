import type { ColdResult } from './cold/measure';
import type { GrowthResult, Spread } from './growth/measure';
import type { HttpResult } from './http/measure';
import type { Measurement } from './results';
import type { WarmResult } from './warm/measure';

/** The medians of each measurement, by subject. */
export interface Medians {
  readonly cold: Readonly<Record<string, ColdResult>>;
  readonly warm: Readonly<Record<string, WarmResult>>;
  readonly http: Readonly<Record<string, HttpResult>>;
  readonly growth: Readonly<Record<Spread, GrowthResult>>;
}

/** A figure and its limit. A figure without a limit is for information. */
export interface Target {
  readonly says: string;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** Usually the ratio of two medians of the same run. */
  readonly value: number;
}

/** Stands for a missing figure, which reaches no target. */
const missing = Number.NaN;

/** The targets of the service and the measured values. */
export const targetsOf: { readonly [M in Measurement]: (medians: Medians[M]) => Target[] } = {
  cold: (subjects) => {
    const ratio = (time: (subject: ColdResult) => number | undefined, name: string, base: string) =>
      ratioOf(subjects[name] && time(subjects[name]), subjects[base] && time(subjects[base]));
    const imported = (subject: ColdResult) => subject.importMs;
    const first = (operation: 'create' | 'verify') => (subject: ColdResult) => subject.processMs[operation];
    const base = 'api, default build';
    return [
      {
        says: 'import of the API, relative to the default build',
        atMost: 0.46,
        value: ratio(imported, 'api', base),
      },
      {
        says: 'import and first verification, relative to the default build',
        atMost: 0.55,
        value: ratio((subject) => subject.importAndCallMs.verify, 'api', base),
      },
      {
        says: 'import of the authorizer, relative to the default build',
        atMost: 0.35,
        value: ratio(imported, 'authorizer', base),
      },
      {
        says: 'kB loaded at import by the API',
        atMost: 400,
        value: (subjects.api?.bytesAtImport ?? missing) / 1000,
      },
      {
        says: 'process start to first verify of the authorizer, relative to better-auth, DynamoDB',
        atMost: 0.45,
        value: ratio(first('verify'), 'authorizer', 'better-auth, DynamoDB'),
      },
      ...(['verify', 'create'] as const).flatMap((operation) => [
        {
          says: `process start to first ${operation}, relative to better-auth, DynamoDB`,
          atMost: operation === 'verify' ? 0.5 : 0.8,
          value: ratio(first(operation), 'api', 'better-auth, DynamoDB'),
        },
        // Without a target, since keys in memory cannot be deployed.
        ...['better-auth, whole', 'better-auth, in memory'].map((base) => ({
          says: `process start to first ${operation}, relative to ${base}`,
          value: ratio(first(operation), 'api', base),
        })),
      ]),
    ];
  },

  warm: (subjects) => {
    const cpu = (name: string) => subjects[name]?.[1].cpuUs;
    const sum = (...names: string[]) => names.reduce((total, name) => total + (cpu(`floor: ${name}`) ?? missing), 0);
    const verifications = { 'verify, authorizer': 'authorizer', 'verify, in process': 'in process', verify: 'whoami' };
    const compared = Object.entries(verifications).flatMap(([name, shown]) => [
      {
        says: `CPU of a verification (${shown}) without a limit, relative to better-auth with SQLite`,
        atMost: 0.5,
        value: ratioOf(cpu(`${name}, without a limit`), cpu('better-auth, sqlite: verify')),
      },
      {
        says: `CPU of a verification (${shown}) with a limit, relative to better-auth with SQLite`,
        atMost: 0.85,
        value: ratioOf(cpu(name), cpu('better-auth, sqlite: verify')),
      },
      {
        says: `CPU of a verification (${shown}) with a limit, relative to better-auth with DynamoDB`,
        atMost: 0.3,
        value: ratioOf(cpu(name), cpu('better-auth, dynamodb: verify')),
      },
    ]);
    const call = (cpu('floor: calls of a verification') ?? missing) / 2;
    return [
      ...compared,
      {
        says: 'CPU of a verification, relative to its calls to DynamoDB',
        atMost: 1.3,
        value: ratioOf(cpu('verify'), cpu('floor: calls of a verification')),
      },
      {
        says: 'CPU of a verification without a limit, relative to its call to DynamoDB',
        value: ratioOf(cpu('verify, without a limit'), cpu('floor: call of a verification without a limit')),
      },
      {
        says: 'the call of a verification without a limit alone, relative to a verification of better-auth with SQLite',
        value: ratioOf(cpu('floor: call of a verification without a limit'), cpu('better-auth, sqlite: verify')),
      },
      {
        says: 'database calls of a list of 100 keys more than one of 10',
        atMost: 2,
        value: (subjects['list of 100 keys']?.databaseCalls ?? missing) - (subjects.list?.databaseCalls ?? missing),
      },
      {
        says: 'database calls of a verification',
        atMost: 2,
        value: subjects.verify?.databaseCalls ?? missing,
      },
      {
        says: 'CPU of a create with a new token, relative to the sum of its floor',
        atMost: 1.5,
        value: ratioOf(
          cpu('create, a new token each'),
          sum('RS256 check', 'Clerk’s client', 'calls of a create', 'SHA-256'),
        ),
      },
      {
        says: 'CPU of a list of 100 keys more than one of 10, in calls to DynamoDB',
        atMost: 2,
        value: ((cpu('list of 100 keys') ?? missing) - (cpu('list') ?? missing)) / call,
      },
      {
        says: 'CPU of a list with a known token, relative to one with a new token',
        atMost: 0.6,
        value: ratioOf(cpu('list'), cpu('list, a new token each')),
      },
    ];
  },

  http: (servers) =>
    (['create', 'verify'] as const).flatMap((operation) =>
      [1, 32].map((connections) => ({
        says: `requests per second, relative to the hand-written server: ${operation}, connections: ${connections}`,
        atLeast: 1,
        value: ratioOf(
          servers['satori keys']?.[`${operation}/${connections}`]?.perSecond,
          servers['by hand']?.[`${operation}/${connections}`]?.perSecond,
        ),
      })),
    ),

  growth: (spreads) =>
    (['many users', 'many keys per user'] as const).flatMap((spread) =>
      (['verify', 'create'] as const).map((operation) => ({
        says: `${operation} with the most keys, relative to the fewest, ${spread}, without DynamoDB’s share`,
        atMost: 1.2,
        value: growthOf(spreads[spread], operation).withoutTable,
      })),
    ),
};

/** The calls to DynamoDB of each operation, alone. */
export const bareCalls = { verify: 'verifyCalls', create: 'createCalls', list: 'listCalls' } as const;

/** How the duration of an operation grows from the fewest to the most keys, with and without DynamoDB's share. */
export function growthOf(result: Partial<GrowthResult> | undefined, operation: keyof typeof bareCalls) {
  const ends = (times: Readonly<Record<string, number>> = {}) => {
    const counts = Object.keys(times).sort((a, b) => Number(a) - Number(b));
    return [times[counts[0] ?? ''] ?? missing, times[counts.at(-1) ?? ''] ?? missing] as const;
  };
  const [few, many] = ends(result?.[operation]);
  const [bareFew, bareMany] = ends(result?.[bareCalls[operation]]);
  // A database that was faster with more keys is not deducted.
  const tableShare = Math.max(0, bareMany - bareFew);
  return { all: many / few, table: bareMany / bareFew, withoutTable: (many - tableShare) / few };
}

/** Whether a target is reached. A missing figure reaches none. */
export const isReached = ({ value, atMost, atLeast }: Target): boolean =>
  value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? Number.NEGATIVE_INFINITY);

function ratioOf(value: number | undefined, base: number | undefined): number {
  return (value ?? missing) / (base ?? missing);
}
