import { randomUUID } from 'node:crypto';
import { formatKeySecret } from '../../../lambda/keys/secret';
import { SessionTokens } from '../../../local/clerk/session-tokens';
import { standInCredentials } from '../../../local/dynamodb';
import { startProcess } from '../own-process';

/** The stand-ins, and what a caller needs to get on with them. */
export interface StandIns {
  readonly url: string;
  /** Variables of a function's environment: where its parts are, as whom it calls them. */
  readonly variables: Readonly<Record<string, string>>;
  readonly sessions: SessionTokens;
  readonly secret: { readonly secretKey: string; readonly jwtKey: string };
  /** A session token of the user that every key belongs to, good for an hour. */
  token(): string;
  /** How often each operation was called so far. */
  calls(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

export const issuer = 'https://clerk.bench.example.com';
export const party = 'https://app.bench.example.com';
export const user = 'user_2kBenchBenchBenchBench00001';

/** A key that the stand-in takes for good, as it takes every well-formed one. */
export const goodKey = () =>
  formatKeySecret('sk_satori', randomUUID(), 'ak_dGhpcyBpcyBhIHNlY3JldCBmb3IgYmVuY2g');

export async function startStandIns(): Promise<StandIns> {
  const sessions = new SessionTokens(issuer, party);
  const secret = { secretKey: 'sk_test_bench', jwtKey: sessions.publicKey };
  const server = await startProcess<{ url: string }>('stand-in/server.ts', { secret, user });
  const { url } = server.ready;
  return {
    url,
    variables: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: standInCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: standInCredentials.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
      CLERK_API_URL: url,
      CLERK_ISSUER: issuer,
      CLERK_AUTHORIZED_PARTIES: party,
      KEY_REQUESTS_PER_MINUTE: '1000000',
    },
    sessions,
    secret,
    token: () => sessions.sign(user, 3600),
    calls: async () => (await server.ask('calls')) as Record<string, number>,
    close: server.close,
  };
}
