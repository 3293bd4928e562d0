import { randomUUID } from 'node:crypto';
import { newSecret } from '../../../lambda/keys/secret';
import { newCredentials } from '../../../local/access';
import { SessionTokens } from '../../../local/clerk/session-tokens';
import { startProcess } from '../own-process';
import type { StandInSettings } from './answers';

/** The stand-ins of Clerk, Secrets Manager and DynamoDB, and what a caller needs to use them. */
export interface StandIns {
  readonly url: string;
  /** Variables of a function's environment: the endpoints and credentials, and limits that no measurement reaches. */
  readonly variables: Readonly<Record<string, string>>;
  readonly sessions: SessionTokens;
  readonly secret: { readonly secretKey: string; readonly jwtKey: string };
  /** The secret of a valid key. */
  readonly key: string;
  /** A session token that is valid for an hour. @param of the owner of every key, unless it is another user. */
  token(of?: string): string;
  /** The number of calls so far, by operation. */
  calls(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

const issuer = 'https://clerk.bench.example.com';
const party = 'https://app.bench.example.com';
const user = 'user_2kBenchBenchBenchBench00001';
export const userWithoutKeys = 'user_2kBenchBenchBenchBench00002';
export const userWithManyKeys = 'user_2kBenchBenchBenchBench00003';

/** The prefix of every key in a measurement. */
export const keyPrefix = 'sk_satori';

const unreachable = '1000000';

export async function startStandIns(): Promise<StandIns> {
  const sessions = new SessionTokens(issuer, party);
  const secret = { secretKey: 'sk_test_bench', jwtKey: sessions.publicKey };
  const key = newSecret(keyPrefix, randomUUID());
  const settings: StandInSettings = { secret, user, userWithoutKeys, userWithManyKeys, key };
  const { accessKeyId, secretAccessKey } = newCredentials();
  const server = await startProcess<{ url: string }>('stand-in/server.ts', settings);
  const { url } = server.ready;
  return {
    url,
    variables: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
      CLERK_API_URL: url,
      CLERK_ISSUER: issuer,
      CLERK_AUTHORIZED_PARTIES: party,
      KEY_PREFIX: keyPrefix,
      KEY_REQUESTS_PER_MINUTE: unreachable,
      MAX_KEYS_PER_OWNER: unreachable,
      KEYS_PER_OWNER_PER_HOUR: unreachable,
    },
    sessions,
    secret,
    key,
    token: (of = user) => sessions.sign(of, 3600),
    calls: async () => (await server.ask('calls')) as Record<string, number>,
    close: server.close,
  };
}
