import type { ColdResult } from './cold/measure';
import type { GrowthResult, Spread } from './growth/measure';
import type { HttpResult } from './http/measure';
import type { Measurement } from './results';
import type { WarmResult } from './warm/measure';

/** What each measurement's medians are, by the names of the subjects. */
export interface Medians {
  readonly cold: Readonly<Record<string, ColdResult>>;
  readonly warm: Readonly<Record<string, WarmResult>>;
  readonly http: Readonly<Record<string, HttpResult>>;
  readonly growth: Readonly<Record<Spread, GrowthResult>>;
}

/** A figure and its limit; without one, it is there to be looked at. */
export interface Target {
  readonly says: string;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** A ratio of two medians of one run, unless it says otherwise. */
  readonly value: number;
}

/** What a missing figure comes to: no target is reached by it. */
const missing = Number.NaN;

/** What the service sets out to reach, and where it is. */
export const targetsOf: { readonly [M in Measurement]: (medians: Medians[M]) => Target[] } = {
  cold: (subjects) => {
    const ratio = (time: (subject: ColdResult) => number | undefined, name: string, base: string) =>
      ratioOf(subjects[name] && time(subjects[name]), subjects[base] && time(subjects[base]));
    const imported = (subject: ColdResult) => subject.importMs;
    const first = (operation: 'create' | 'verify') => (subject: ColdResult) => subject.processMs[operation];
    const base = 'api, default build';
    return [
      {
        says: 'import of the API, of the default build’s',
        atMost: 0.46,
        value: ratio(imported, 'api', base),
      },
      {
        says: 'import and first verification, of the default build’s',
        atMost: 0.55,
        value: ratio((subject) => subject.importAndCallMs.verify, 'api', base),
      },
      {
        says: 'import of the authorizer, of the default build’s',
        atMost: 0.35,
        value: ratio(imported, 'authorizer', base),
      },
      {
        says: 'kB loaded at import by the API',
        atMost: 400,
        value: (subjects.api?.bytesAtImport ?? missing) / 1000,
      },
      ...(['verify', 'create'] as const).flatMap((operation) => [
        {
          says: `process start to first ${operation}, of better-auth’s, DynamoDB`,
          atMost: operation === 'verify' ? 0.6 : 0.8,
          value: ratio(first(operation), 'api', 'better-auth, DynamoDB'),
        },
        // No target: what keeps its keys in memory cannot be deployed.
        ...['better-auth, whole', 'better-auth, in memory'].map((base) => ({
          says: `process start to first ${operation}, of ${base.replace(',', '’s,')}`,
          value: ratio(first(operation), 'api', base),
        })),
      ]),
    ];
  },

  warm: (subjects) => {
    const cpu = (name: string) => subjects[name]?.[1].cpuUs;
    const sum = (...names: string[]) =>
      names.reduce((total, name) => total + (cpu(`floor: ${name}`) ?? missing), 0);
    return [
      {
        says: 'CPU of a verification, of better-auth’s with SQLite',
        atMost: 0.7,
        value: ratioOf(cpu('verify'), cpu('better-auth, sqlite: verify')),
      },
      {
        says: 'CPU of a verification by the authorizer, of better-auth’s with SQLite',
        atMost: 0.7,
        value: ratioOf(cpu('verify, authorizer'), cpu('better-auth, sqlite: verify')),
      },
      {
        says: 'database calls of a verification',
        atMost: 1,
        value: subjects.verify?.databaseCalls ?? missing,
      },
      {
        says: 'CPU of a create with a new token, of its parts’ sum',
        atMost: 1.3,
        value: ratioOf(
          cpu('create, a new token each'),
          sum('RS256 check', 'Clerk’s client', 'PutItem', 'SHA-256'),
        ),
      },
      {
        says: 'CPU of a list with a token seen before, of one with a new token',
        atMost: 0.6,
        value: ratioOf(cpu('list'), cpu('list, a new token each')),
      },
    ];
  },

  http: (servers) =>
    (['create', 'verify'] as const).flatMap((operation) =>
      [1, 32].map((connections) => ({
        says: `requests a second, of the server by hand: ${operation}, connections: ${connections}`,
        atLeast: 1,
        value: ratioOf(
          servers['satori keys']?.[`${operation}/${connections}`]?.perSecond,
          servers['by hand']?.[`${operation}/${connections}`]?.perSecond,
        ),
      })),
    ),

  growth: (spreads) =>
    (['many users', 'one user'] as const).flatMap((spread) =>
      (['verify', 'create'] as const).map((operation) => ({
        says: `${operation} at the most keys, of its time at the fewest, ${spread}, without the table’s own share`,
        atMost: 1.2,
        value: growthOf(spreads[spread], operation).withoutTable,
      })),
    ),
};

/** The bare call that an operation of ours makes. */
export const bareCall = { verify: 'UpdateItem', create: 'PutItem', list: 'Query' } as const;

/** How an operation's time grows from the fewest to the most keys, with and without what the table takes longer. */
export function growthOf(result: GrowthResult, operation: keyof typeof bareCall) {
  const ends = (times: Readonly<Record<string, number>> = {}) => {
    const counts = Object.keys(times).sort((a, b) => Number(a) - Number(b));
    return [times[counts[0] ?? ''] ?? missing, times[counts.at(-1) ?? ''] ?? missing] as const;
  };
  const [few, many] = ends(result[operation]);
  const [bareFew, bareMany] = ends(result[bareCall[operation]]);
  // A table that happened to be quicker when it was full takes nothing off.
  const tableShare = Math.max(0, bareMany - bareFew);
  return { all: many / few, table: bareMany / bareFew, withoutTable: (many - tableShare) / few };
}

/** Whether a target is reached; never by a figure that is missing. */
export const isReached = ({ value, atMost, atLeast }: Target): boolean =>
  value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? Number.NEGATIVE_INFINITY);

function ratioOf(value: number | undefined, base: number | undefined): number {
  return (value ?? missing) / (base ?? missing);
}
