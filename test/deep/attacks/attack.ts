import type { SessionTokens } from '../../../local/clerk/session-tokens';
import type { GitHubSecretScanning } from '../../../local/github/secret-scanning';

export interface FoundKey {
  readonly id: string;
  readonly clerkKeyId: string;
  readonly secret: string;
}

/** The service as attackers find it: with users and keys. setting.ts creates it. */
export interface Setting {
  /** The attacker, with a valid session token. */
  readonly user: string;
  readonly token: string;
  /** A valid key of the attacker, one that they have revoked, and another user's. */
  readonly key: FoundKey;
  readonly revokedKey: FoundKey;
  readonly strangersKey: FoundKey;
  /** A key of the attacker that was rotated twice, with its newest secret, and the one that was replaced at first. */
  readonly rotatedKey: FoundKey;
  readonly replacedSecret: string;
  readonly disabledKey: FoundKey;
  /** An organization of which the attacker is a member without the right to manage its keys, and a key of it. */
  readonly organization: string;
  readonly organizationsKey: FoundKey;
  /** The id of a key whose creation was given up. */
  readonly tombstoneId: string;
  /** Signs session tokens with the instance's own key. */
  readonly sessions: SessionTokens;
  /** What Clerk signs its webhook deliveries with. */
  readonly webhookSecret: string;
  /** Signs GitHub's reports. The local server has one of its own. */
  readonly scanning: GitHubSecretScanning;
}

export interface AttackRequest {
  /** POST unless given. */
  readonly method?: string;
  /** As sent, encoded or not; `/trpc/keys.create` unless given. */
  readonly path?: string;
  /** Without the `?`. */
  readonly query?: string;
  /** Nothing is added but `host`. A list is a header that is sent several times. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

/** All effects that an attack may have. */
export interface Outcome {
  readonly status: number;
  /** The error code of the contract; undefined for a success. For a batch see `batch`. */
  readonly code?: string;
  /** The exact message, where the contract has several for the code. */
  readonly message?: string;
  /** The form of the answer: `plain` unless given. */
  readonly form?: 'plain' | 'trpc' | 'lines';
  /** The codes of a batch's calls in their order, `OK` for a success. */
  readonly batch?: readonly string[];
  /** The calls to Clerk, the tables and Secrets Manager, in any order; none unless given. */
  readonly calls?: readonly string[];
  /** The names of the keys that are stored, `newOwner` for an owner's item; none unless given. */
  readonly stored?: readonly string[];
  /** The attributes of older items that change; none unless given. */
  readonly altered?: readonly string[];
  /** The status with which the gateway itself answers, so that the request does not reach the function. */
  readonly gateway?: number;
  /** Why HTTP to the local server cannot carry the attack. */
  readonly notByHttp?: string;
}

/** A request from somebody with bad intentions, or from a broken client, and its outcome. */
export interface Attack extends Outcome {
  readonly what: string;
  request(setting: Setting): AttackRequest;
  /** Requests that are sent first and succeed. */
  before?(setting: Setting, request: AttackRequest): readonly AttackRequest[];
  /** Changes the gateway's event itself (base64 flag, payload version, missing members), which HTTP cannot do. */
  event?(event: Record<string, unknown>, setting: Setting): unknown;
}

/** What `stored` says of an owner's item. */
export const newOwner = 'owner';
