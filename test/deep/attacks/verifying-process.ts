// Verifies a key many times at once, in a process of its own, as soon as it is told to. For limits.test.ts.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createRepositories } from '../../../lambda/keys/repository/repositories';
import { KeyVerifier } from '../../../lambda/keys/verifier';
import { Deadline } from '../../../lambda/shared/deadline';
import { describeError } from '../../../lambda/shared/describe-error';

export interface Verification {
  readonly endpoint: string;
  readonly tableName: string;
  readonly usesTableName: string;
  readonly secret: string;
  /** How many requests a window allows. */
  readonly limit: number;
  /** How many requests this process makes. */
  readonly requests: number;
}

/** Longer than the test takes, so there is one window however slow the machine is. */
const windowMs = 600_000;

async function verify(verifier: KeyVerifier, secret: string): Promise<string> {
  try {
    await verifier.verify(secret, Deadline.in(20_000));
    return 'accepted';
  } catch (error) {
    return String(describeError(error).error);
  }
}

process.on('message', async ({ limit, secret, requests, ...to }: Verification) => {
  // A lost answer is not asked for again: the use would be counted twice.
  const client = new DynamoDBClient({ endpoint: to.endpoint, maxAttempts: 1 });
  const { keys, uses } = createRepositories(client, {
    TABLE_NAME: to.tableName,
    USES_TABLE_NAME: to.usesTableName,
    AWS_REGION: 'us-east-1',
  });
  const options = { keyPrefixes: ['sk_satori'], requestsPerMinute: limit, windowMs };
  const metrics = { count: () => {}, clerkTook: () => {}, take: () => ({}) };
  const verifier = new KeyVerifier(keys, uses, options, metrics);
  const verifications = Array.from({ length: requests }, () => verify(verifier, secret));
  process.send?.(await Promise.all(verifications), undefined, undefined, () => process.exit());
});
process.send?.('ready');
