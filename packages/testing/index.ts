import { randomUUID } from 'node:crypto';
import { KeyRepository } from '../../lambda/keys/repository/key-repository';
import { keyPrimaryKey } from '../../lambda/keys/repository/primary-keys';
import { UseRepository } from '../../lambda/keys/repository/use-repository';
import { digestOf, hintOf, newSecret } from '../../lambda/keys/secret';
import { KeyVerifier } from '../../lambda/keys/verifier';
import { Deadline } from '../../lambda/shared/deadline';
import type { ApiKeyVerifier, VerifierHooks } from '../verify/types';
import { noMetrics, verifierWith } from '../verify/verification';
import { MemoryTable } from './memory-table';

export type * from '../verify/types';

export interface TestKeysOptions extends VerifierHooks {
  /** Default: `sk_satori_test`. */
  readonly keyPrefix?: string;
  /** How many requests per minute a key can make. Default: 100. */
  readonly requestsPerMinute?: number;
}

/** A key to create. */
export interface TestKeyInput {
  /** Default: `Test key`. */
  readonly name?: string;
  /** Default: none. */
  readonly scopes?: readonly string[];
  /** Default: a user of the tests. */
  readonly clerkUserId?: string;
  /** Default: a user's own key. */
  readonly clerkOrgId?: string;
  /** ISO 8601, or a Date. Default: the key does not expire. */
  readonly expiresAt?: string | Date;
  /** Default: true. */
  readonly enabled?: boolean;
}

export interface TestKey {
  readonly id: string;
  /** The key as a caller sends it. */
  readonly secret: string;
  /** The headers of a request with the key. */
  readonly headers: { readonly 'x-api-key': string };
}

/** Keys for the tests of an API, and the verifier that knows them. */
export interface TestKeys extends ApiKeyVerifier {
  /** Creates a key that is accepted, unless the input says otherwise. */
  create(input?: TestKeyInput): Promise<TestKey>;
  /** Revokes a key. */
  revoke(id: string): Promise<void>;
  /** A key that has used up its limit: the next request with it is `RATE_LIMITED`, for a minute. */
  limited(input?: TestKeyInput): Promise<TestKey>;
  /** A key that has expired: `INVALID`. */
  expired(input?: TestKeyInput): Promise<TestKey>;
  /** A key that is disabled: `INVALID`. */
  disabled(input?: TestKeyInput): Promise<TestKey>;
  /** A key that is revoked: `INVALID`. */
  revoked(input?: TestKeyInput): Promise<TestKey>;
  /** A key that cannot be verified, as if DynamoDB did not answer: `UNAVAILABLE`. */
  unavailable(input?: TestKeyInput): Promise<TestKey>;
}

const timeoutMs = 5_000;
const soon = () => Deadline.in(timeoutMs);
const windowMs = 60_000;

/**
 * Creates a verifier for tests, with keys in memory. It is the real verifier: keys expire, are limited and are compared
 * as in production. It needs no AWS account, network or server.
 */
export function createTestKeys(options: TestKeysOptions = {}): TestKeys {
  const { keyPrefix = 'sk_satori_test', requestsPerMinute = 100, ...hooks } = options;
  const table = new MemoryTable();
  const keys = new KeyRepository(table);
  const uses = new UseRepository(new MemoryTable(), 'local');
  const verifier = new KeyVerifier(keys, uses, { keyPrefixes: [keyPrefix], requestsPerMinute, windowMs }, noMetrics);

  const create = async (input: TestKeyInput = {}): Promise<TestKey> => {
    const id = randomUUID();
    const secret = newSecret(keyPrefix, id);
    await keys.storeKey({ ...storedFields(id, input), hint: hintOf(secret), secretDigest: digestOf(secret) }, soon());
    return { id, secret, headers: { 'x-api-key': secret } };
  };
  const revoke = async (id: string) => {
    const key = await keys.readKey(id, soon());
    if (key?.secretDigest === undefined) throw new Error(`No key has the ID ${id}.`);
    await keys.markRevoked(id, { ownerIds: [key.ownerId] }, soon());
  };
  return {
    ...verifierWith(async () => verifier, { timeoutMs, ...hooks }),
    create,
    revoke,
    limited: async (input) => {
      const key = await create(input);
      await uses.beginWindow(key.id, { uses: requestsPerMinute }, windowMs, soon());
      return key;
    },
    expired: (input) => create({ ...input, expiresAt: new Date(Date.now() - 1_000) }),
    disabled: (input) => create({ ...input, enabled: false }),
    revoked: async (input) => {
      const key = await create(input);
      await revoke(key.id);
      return key;
    },
    unavailable: async (input) => {
      const key = await create(input);
      table.failFor(keyPrimaryKey(key.id));
      return key;
    },
  };
}

/** The attributes of a stored key, without those of its secret. */
function storedFields(id: string, input: TestKeyInput) {
  const { name = 'Test key', scopes = [], clerkUserId = 'user_2kTestTestTestTestTest000001', clerkOrgId } = input;
  const { expiresAt, enabled = true } = input;
  return {
    id,
    ownerId: clerkOrgId ?? clerkUserId,
    clerkUserId,
    clerkKeyId: `ak_${id.replaceAll('-', '')}`,
    name,
    scopes: [...scopes],
    enabled,
    createdAt: new Date().toISOString(),
    version: 1,
    ...(clerkOrgId !== undefined && { clerkOrgId }),
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
  };
}
