import { stageNamed } from '../../../lib/stages';
import { costOf } from './prices';

/** What one request uses. */
export interface Usage {
  /** Requests to this service's own HTTP API. A guarded API pays its own. */
  readonly httpRequests: number;
  /** For how long Lambda bills the invocation, in ms. */
  readonly billedMs: number;
  /** Writes of the record, in units of 1 KB, and of its copy in the index. */
  readonly tableWrites: number;
  readonly indexWrites: number;
  /** Strongly consistent reads of 4 KB; an eventually consistent one is half. */
  readonly reads: number;
  /** Bytes of the function's log line and of the gateway's. */
  readonly functionLog: number;
  readonly accessLog: number;
  /** Whether Clerk's keys are needed, which a running function reads every 5 minutes. */
  readonly needsClerkSecret: boolean;
  /** Bytes that leave AWS: to the caller and to Clerk. */
  readonly bytesOut: number;
  readonly clerkKeys: number;
  readonly clerkVerifications: number;
}

/**
 * What the tables take for granted and nobody has measured in AWS. Billed times are guesses: a create and a revoke
 * wait for Clerk, whose answer is nearly all of their time.
 */
export const assumed = {
  /** Of one function, when it comes to how many of its requests X-Ray samples. */
  requestsPerSecond: 100,
  /** Of one key, when it comes to how often a window opens. */
  requestsPerKeyAndMinute: 10,
  keysOfOneUser: 10,
} as const;

/** Of requests that count their window's uses, how many open one; the rest add to it. */
const opening = 1 / assumed.requestsPerKeyAndMinute;
/** Where nothing is counted, `lastUsedAt` is written every four minutes. */
const touching = opening / 4;

/** A record as it is once its key has been used. */
export const sampleRecord = {
  id: '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f',
  clerkUserId: 'user_2xhFjEI5X2qWRvtV13BzSj8H6Dk',
  clerkKeyId: 'ak_3beecc9c60adb5f9b850e91a8ee1e992',
  name: 'Production Key',
  secretDigest: 'f'.repeat(64),
  createdAt: '2024-01-15T10:30:00.000Z',
  activeUserId: 'user_2xhFjEI5X2qWRvtV13BzSj8H6Dk',
  lastUsedAt: '2024-01-15T10:30:00.000Z',
  windowEndsAt: 1705314660000,
  uses: 100,
};
const { secretDigest, windowEndsAt, uses, ...sampleIndexed } = sampleRecord;
/** What the index `ActiveKeysByUser` has of it. */
export const indexedRecord = sampleIndexed;

/**
 * Bytes of an item: names and values in UTF-8, a number in about half its digits.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function bytesOf(item: Readonly<Record<string, string | number>>): number {
  const sizes = Object.entries(item).map(
    ([name, value]) =>
      Buffer.byteLength(name) +
      (typeof value === 'number' ? Math.ceil(String(value).length / 2) + 1 : Buffer.byteLength(value)),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Half a unit for each 4 KB, since an index is read eventually consistent. */
const listReads = Math.ceil((assumed.keysOfOneUser * bytesOf(indexedRecord)) / 4096) / 2;

const request = {
  httpRequests: 1,
  tableWrites: 0,
  indexWrites: 0,
  reads: 0,
  functionLog: 700,
  accessLog: 400,
  needsClerkSecret: true,
  clerkKeys: 0,
  clerkVerifications: 0,
};
const verification = { ...request, billedMs: 15, needsClerkSecret: false, bytesOut: 500 };
/** Opening a window takes two updates where the process did not know of it: the one that counts, and this. */
const counted = { tableWrites: 1 + opening, indexWrites: opening };
const read = { reads: 1, tableWrites: touching, indexWrites: touching };
/** Inside another API, which pays for its request, its access log and its answer. */
const elsewhere = { httpRequests: 0, functionLog: 500, accessLog: 0, bytesOut: 0 };

export const operations = {
  create: { ...request, billedMs: 300, tableWrites: 1, indexWrites: 1, bytesOut: 2000, clerkKeys: 1 },
  list: { ...request, billedMs: 20, reads: listReads, bytesOut: 4000 },
  revoke: { ...request, billedMs: 300, tableWrites: 2, indexWrites: 2, bytesOut: 1500 },
  whoami: { ...verification, ...counted },
  authorizer: { ...verification, ...counted, ...elsewhere },
  'authorizer, no limit': { ...verification, ...read, ...elsewhere },
} satisfies Record<string, Usage>;

/** What this service spares its users: an authorizer that asks Clerk about each key. */
export const askingClerk: Usage = { ...verification, ...elsewhere, billedMs: 100, clerkVerifications: 1 };

/** Both functions have so much: `lib/constructs/keys-function.ts`. */
export const memoryGb = 1;
export const secondsPerMonth = 730 * 3600;
/** CloudWatch Logs adds so many bytes to each line: the reference of PutLogEvents. */
const perLogLine = 26;
const bytesPerGb = 1024 ** 3;
const logMonths = stageNamed('prod').stage.logRetention / 30.4;

/** The first request of each second and 5% of the others: https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html */
export function tracedShare(requestsPerSecond: number): number {
  return requestsPerSecond <= 1 ? 1 : (1 + 0.05 * (requestsPerSecond - 1)) / requestsPerSecond;
}

const logLine = (bytes: number) => (bytes === 0 ? 0 : bytes + perLogLine);

/**
 * What so many requests of a kind cost, in USD, part by part.
 * @param rate how many of them there are in a second, on which depends how many X-Ray samples.
 */
export function costsOf(usage: Usage, requests: number, rate: number = assumed.requestsPerSecond) {
  const logGb = (requests * (logLine(usage.functionLog) + logLine(usage.accessLog))) / bytesPerGb;
  const seconds = (requests * usage.billedMs) / 1000;
  return {
    'API Gateway': costOf('httpApiRequest', requests * usage.httpRequests),
    Lambda: costOf('lambdaRequest', requests) + costOf('lambdaTime', seconds * memoryGb),
    DynamoDB:
      costOf('write', requests * (usage.tableWrites + usage.indexWrites)) +
      costOf('consistentRead', requests * usage.reads),
    'logs, taken in': costOf('logsTaken', logGb),
    'logs, kept a year': costOf('logsKept', logGb * logMonths),
    'X-Ray': costOf('trace', requests * tracedShare(rate)),
    'Secrets Manager': usage.needsClerkSecret ? costOf('secretRead', seconds / 300) : 0,
    'data out': costOf('dataOut', (requests * usage.bytesOut) / bytesPerGb),
    Clerk:
      costOf('clerkKey', requests * usage.clerkKeys) +
      costOf('clerkVerification', requests * usage.clerkVerifications),
  };
}

/** What so many requests of a kind write in DynamoDB, in USD, with the table in so many Regions. */
export function writeCosts({ tableWrites, indexWrites }: Usage, requests: number, regions: number): number {
  if (regions === 1) return costOf('write', requests * (tableWrites + indexWrites));
  // An index is each Region's own, and so is its write.
  return (
    regions * (costOf('replicatedWrite', requests * tableWrites) + costOf('write', requests * indexWrites))
  );
}
