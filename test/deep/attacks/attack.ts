import type { SessionTokens } from '../../../local/clerk/session-tokens';

export interface FoundKey {
  readonly id: string;
  readonly clerkKeyId: string;
  readonly secret: string;
}

/** What attackers find: a service with users and keys. Made anew by whoever runs the attacks. */
export interface Setting {
  /** Who attacks, and a session token of theirs that is good. */
  readonly user: string;
  readonly token: string;
  /** A good key of theirs, and one of somebody else's. */
  readonly key: FoundKey;
  readonly strangersKey: FoundKey;
  /** Signs whatever an attack needs, with the instance's own key. */
  readonly sessions: SessionTokens;
  /** What Clerk signs its webhook deliveries with. */
  readonly webhookSecret: string;
}

/** A request as the attacker sends it. */
export interface AttackRequest {
  /** POST unless said otherwise. */
  readonly method?: string;
  /** As sent, encoded or not; `/trpc/keys.create` unless said otherwise. */
  readonly path?: string;
  /** Without the `?`. */
  readonly query?: string;
  /** Nothing is added but `host`. A list is that header sent as often. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

/** A request that somebody with bad intentions, or a broken client, sends, and all that may come of it. */
export interface Attack {
  readonly what: string;
  request(setting: Setting): AttackRequest;
  /** Requests that go before it; what is said here is of the last one alone. */
  before?(setting: Setting, request: AttackRequest): readonly AttackRequest[];
  /** Changes the gateway's event itself (base64 flag, payload version, missing parts); HTTP cannot carry such an attack. */
  event?(event: Record<string, unknown>, setting: Setting): unknown;
  /** What the caller is told. */
  readonly status: number;
  /** Of the contract; undefined where it is no error. For a batch, or for a tRPC client, see below. */
  readonly code?: string;
  /** What exactly is said with the code, where the contract has more than one sentence for it. */
  readonly message?: string;
  /** Which form the answer has: `plain` unless said. */
  readonly form?: 'plain' | 'trpc' | 'lines';
  /** The codes of a batch's calls in their order, `OK` for a success. */
  readonly batch?: readonly string[];
  /** The calls to Clerk, then to the table, then to Secrets Manager, in the order of each; none unless said. */
  readonly calls?: readonly string[];
  /** The names of the keys that are in the table afterwards and were not before; none unless said. */
  readonly stored?: readonly string[];
  /** The attributes of older items that differ afterwards; none unless said. */
  readonly altered?: readonly string[];
  /** What the gateway itself answers where HTTP carries the attack, which the function never gets to see then. */
  readonly gateway?: number;
  /** Why the local server's HTTP cannot carry it as it is, where it cannot. */
  readonly notByHttp?: string;
}
