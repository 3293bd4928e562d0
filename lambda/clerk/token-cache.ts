import { hash } from 'node:crypto';
import type { Session } from './session';

/** The session of a token that Clerk's verifier has accepted. */
export interface VerifiedSession {
  readonly session: Session;
  /** The PEM that verified the signature. If the PEM changes, the token must be verified again. */
  readonly verifiedWith: string;
  /** In ms since 1970, including the accepted clock difference. */
  readonly expiresAt: number;
}

/**
 * A cache of verified session tokens. A client sends the same token for about a minute, and a verification takes longer
 * than the rest of a request. The keys are SHA-256 digests, so no token stays in memory and only an equal token is
 * found. Refused tokens are not stored, so callers cannot fill the cache with them.
 *
 * A FIFO Map suffices: all entries expire within about a minute.
 */
export class VerifiedSessions {
  private readonly byDigest = new Map<string, VerifiedSession>();

  /** @param maxSessions the maximum number of entries; one takes about half a kilobyte. */
  constructor(private readonly maxSessions = 1_000) {}

  get size(): number {
    return this.byDigest.size;
  }

  /** The session of exactly this token; undefined if it is unknown or expired. */
  find(token: string): VerifiedSession | undefined {
    const digest = digestOf(token);
    const found = this.byDigest.get(digest);
    if (found && found.expiresAt <= Date.now()) {
      this.byDigest.delete(digest);
      return undefined;
    }
    return found;
  }

  /** Stores a session. If the cache is full, the session that was stored first is removed. */
  keep(token: string, verified: VerifiedSession): void {
    const digest = digestOf(token);
    // A token that was verified again with another PEM moves to the end.
    this.byDigest.delete(digest);
    const [oldest] = this.byDigest.keys();
    if (this.byDigest.size >= this.maxSessions && oldest !== undefined) this.byDigest.delete(oldest);
    this.byDigest.set(digest, verified);
  }
}

const digestOf = (token: string) => hash('sha256', token, 'base64');
