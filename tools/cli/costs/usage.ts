import { costOf } from './prices';
import { type DatabaseUsage, databaseUsage, keysOfOneOwner } from './sample-items';

/** What one request uses. */
export interface Usage extends DatabaseUsage {
  /** Requests to this service's own HTTP API. A guarded API pays for its own. */
  readonly httpRequests: number;
  /** The duration that Lambda bills, in ms. */
  readonly billedMs: number;
  /** Bytes of the function's log line and of the gateway's. */
  readonly functionLog: number;
  readonly accessLog: number;
  /** Whether the function needs Clerk's keys, which a running function reads every 5 minutes. */
  readonly needsClerkSecret: boolean;
  /** Bytes that leave AWS, to the caller and to Clerk. */
  readonly bytesOut: number;
  readonly clerkKeys: number;
  readonly clerkVerifications: number;
}

/** Assumptions, not measured in AWS; docs/costs.md lists them. */
export const assumed = {
  /** Of one function; X-Ray's sampling depends on it. */
  requestsPerSecond: 100,
  /** Of one key; it decides how many requests note a use where uses are not counted. */
  requestsPerKeyAndMinute: 10,
  keysOfOneOwner,
} as const;

/** The share of requests that write `lastUsedAt` where uses are not counted: one write every four minutes. */
const noted = 1 / (4 * assumed.requestsPerKeyAndMinute);

const request = {
  httpRequests: 1,
  functionLog: 700,
  accessLog: 400,
  needsClerkSecret: true,
  clerkKeys: 0,
  clerkVerifications: 0,
};
const verification = { ...request, billedMs: 15, needsClerkSecret: false, bytesOut: 500 };
/** Inside another API, which pays for its own request, access log and answer. */
const elsewhere = { httpRequests: 0, functionLog: 500, accessLog: 0, bytesOut: 0 };

const { create, list, update, rotate, revoke, usage, readKey, writeUse } = databaseUsage;
const withLimit = { reads: readKey.reads, writes: writeUse.writes };
const withoutLimit = { reads: readKey.reads, writes: noted * writeUse.writes };

export const operations = {
  create: { ...request, ...create, billedMs: 300, bytesOut: 2000, clerkKeys: 1 },
  list: { ...request, ...list, billedMs: 20, bytesOut: 4000 },
  update: { ...request, ...update, billedMs: 20, bytesOut: 1500 },
  rotate: { ...request, ...rotate, billedMs: 25, bytesOut: 1500 },
  usage: { ...request, ...usage, billedMs: 20, bytesOut: 2500 },
  revoke: { ...request, ...revoke, billedMs: 300, bytesOut: 1500 },
  whoami: { ...verification, ...withLimit },
  authorizer: { ...verification, ...withLimit, ...elsewhere },
  'authorizer, no limit': { ...verification, ...withoutLimit, ...elsewhere },
} satisfies Record<string, Usage>;

/** The alternative: an authorizer that asks Clerk about each key. */
export const askingClerk: Usage = {
  ...verification,
  ...elsewhere,
  reads: 0,
  writes: 0,
  billedMs: 100,
  clerkVerifications: 1,
};

/** The memory of both functions: `lib/constructs/keys-function.ts`. */
export const memoryGb = 1;
export const secondsPerMonth = 730 * 3600;
/** What CloudWatch Logs adds to each line, in bytes: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const perLogLine = 26;
const bytesPerGb = 1024 ** 3;
/** A year, as the sample values of `prod` keep logs. */
const logMonths = 365 / 30.4;

/** The first request of each second and 5% of the others: https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html */
export function tracedShare(requestsPerSecond: number): number {
  return requestsPerSecond <= 1 ? 1 : (1 + 0.05 * (requestsPerSecond - 1)) / requestsPerSecond;
}

const logLine = (bytes: number) => (bytes === 0 ? 0 : bytes + perLogLine);

/**
 * The costs of a number of requests of one kind, in USD, by service.
 * @param rate requests per second, on which X-Ray's sampling depends.
 */
export function costsOf(usage: Usage, requests: number, rate: number = assumed.requestsPerSecond) {
  const logGb = (requests * (logLine(usage.functionLog) + logLine(usage.accessLog))) / bytesPerGb;
  const seconds = (requests * usage.billedMs) / 1000;
  return {
    'API Gateway': costOf('httpApiRequest', requests * usage.httpRequests),
    Lambda: costOf('lambdaRequest', requests) + costOf('lambdaTime', seconds * memoryGb),
    DynamoDB: costOf('write', requests * usage.writes) + costOf('consistentRead', requests * usage.reads),
    'logs, ingestion': costOf('logIngestion', logGb),
    'logs, storage for a year': costOf('logStorage', logGb * logMonths),
    'X-Ray': costOf('trace', requests * tracedShare(rate)),
    'Secrets Manager': usage.needsClerkSecret ? costOf('secretRead', seconds / 300) : 0,
    'data out': costOf('dataOut', (requests * usage.bytesOut) / bytesPerGb),
    Clerk:
      costOf('clerkKey', requests * usage.clerkKeys) + costOf('clerkVerification', requests * usage.clerkVerifications),
  };
}

/** The costs of the writes of a number of requests in DynamoDB, in USD, with the tables in so many Regions. */
export function writeCosts({ writes }: Usage, requests: number, regions: number): number {
  return regions * costOf(regions === 1 ? 'write' : 'replicatedWrite', requests * writes);
}
