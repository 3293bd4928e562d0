/** A published list price. */
export interface Price {
  readonly what: string;
  /** USD, without tax, discount or free tier. */
  readonly usd: number;
  /** The unit that the price is for. */
  readonly per: Unit;
  /** The Region that the price is for; undefined for Clerk. */
  readonly region: 'us-east-1' | undefined;
  /** The page of AWS or Clerk that publishes it. */
  readonly source: string;
  /** The day on which it was last read. */
  readonly read: string;
}

/** How many of what is counted here make one unit of a bill. */
const units = {
  request: 1,
  '10,000 requests': 10_000,
  'million requests': 1_000_000,
  'million GB-seconds': 1_000_000,
  'million units': 1_000_000,
  'million traces': 1_000_000,
  month: 1,
  GB: 1,
  'GB-month': 1,
} as const;

type Unit = keyof typeof units;

const gateway = 'https://aws.amazon.com/api-gateway/pricing/';
const lambda = 'https://aws.amazon.com/lambda/pricing/';
const dynamodb = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const globalTables = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/global-tables-billing.html';
const cloudwatch = 'https://aws.amazon.com/cloudwatch/pricing/';
const xray = 'https://aws.amazon.com/xray/pricing/';
const secrets = 'https://aws.amazon.com/secrets-manager/pricing/';
const traffic = 'https://aws.amazon.com/ec2/pricing/on-demand/';
const clerkKeys = 'https://clerk.com/docs/guides/development/machine-auth/api-keys';

/** A price of AWS in us-east-1. */
const aws = (what: string, usd: number, per: Unit, source: string, read = '2026-11-23'): Price => ({
  what,
  usd,
  per,
  region: 'us-east-1',
  source,
  read,
});

const clerk = (what: string, usd: number, per: Unit, source: string, read = '2026-11-23'): Price => ({
  ...aws(what, usd, per, source, read),
  region: undefined,
});

export const prices = {
  httpApiRequest: aws('HTTP API: a request of up to 512 KB', 1, 'million requests', gateway),
  lambdaRequest: aws('Lambda: an invocation', 0.2, 'million requests', lambda),
  lambdaTime: aws('Lambda: duration on arm64', 13.3334, 'million GB-seconds', lambda),
  lambdaProvisioned: aws('Lambda: provisioned concurrency on arm64', 3.3334, 'million GB-seconds', lambda),
  write: aws('DynamoDB: a write unit, up to 1 KB', 0.625, 'million units', dynamodb),
  replicatedWrite: aws(
    'DynamoDB: a write unit of a global table, in each Region',
    0.625,
    'million units',
    globalTables,
  ),
  consistentRead: aws('DynamoDB: a read unit, up to 4 KB strongly consistent', 0.125, 'million units', dynamodb),
  tableStorage: aws('DynamoDB: storage', 0.25, 'GB-month', dynamodb),
  recovery: aws('DynamoDB: point-in-time recovery', 0.2, 'GB-month', dynamodb),
  logIngestion: aws('CloudWatch Logs: ingestion', 0.5, 'GB', cloudwatch),
  logStorage: aws('CloudWatch Logs: storage', 0.03, 'GB-month', cloudwatch),
  metric: aws('CloudWatch: a custom metric', 0.3, 'month', cloudwatch),
  alarmMetric: aws('CloudWatch: a metric that an alarm watches', 0.1, 'month', cloudwatch),
  compositeAlarm: aws('CloudWatch: a composite alarm', 0.5, 'month', cloudwatch),
  dashboard: aws('CloudWatch: a dashboard', 3, 'month', cloudwatch),
  trace: aws('X-Ray: a recorded trace', 5, 'million traces', xray),
  secret: aws('Secrets Manager: a secret', 0.4, 'month', secrets),
  secretRead: aws('Secrets Manager: a read', 0.05, '10,000 requests', secrets),
  dataOut: aws('Data sent to the internet', 0.09, 'GB', traffic),
  clerkKey: clerk('Clerk: a key created, beyond 1,000 a month', 0.001, 'request', clerkKeys),
  clerkVerification: clerk('Clerk: a key verified at Clerk, beyond 100,000 a month', 0.00001, 'request', clerkKeys),
} satisfies Record<string, Price>;

export type PriceName = keyof typeof prices;

/** What an amount costs, in USD. @param amount in requests, GB-seconds, months or GB, as the price counts them. */
export function costOf(name: PriceName, amount: number): number {
  const { usd, per } = prices[name];
  return (amount / units[per]) * usd;
}
