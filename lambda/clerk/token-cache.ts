import { hash } from 'node:crypto';
import type { Session } from './sessions';

/** A session token that Clerk's verifier has found good. */
export interface VerifiedSession {
  readonly session: Session;
  /** The PEM that its signature was checked with; with another one it has not been verified. */
  readonly verifiedWith: string;
  /** Up to when it counts, exclusive, in ms since 1970. */
  readonly until: number;
}

/**
 * What was verified a moment ago need not be verified again: a client sends the same session token for a minute.
 * Tokens are known by their SHA-256, so that none is kept in memory longer than its own request, and only one that
 * is the same in every character is found. Refusals are not kept: nobody is to fill this with tokens of their own.
 *
 * A Map does: it keeps its entries' order, and where all expire within about a minute, the oldest is a good one to
 * drop. Which entry was used last, the better part of a cache from npm, would make no difference.
 */
export class VerifiedSessions {
  private readonly byDigest = new Map<string, VerifiedSession>();

  /** @param maxSessions how many are kept, at most. One takes about half a kilobyte. */
  constructor(private readonly maxSessions = 1_000) {}

  get size(): number {
    return this.byDigest.size;
  }

  /** What is known of the token, while it counts. */
  find(token: string): VerifiedSession | undefined {
    const digest = digestOf(token);
    const found = this.byDigest.get(digest);
    if (found && found.until <= Date.now()) {
      this.byDigest.delete(digest);
      return undefined;
    }
    return found;
  }

  keep(token: string, verified: VerifiedSession): void {
    const digest = digestOf(token);
    // One that is verified anew, with another PEM, takes its place at the end again.
    this.byDigest.delete(digest);
    const [oldest] = this.byDigest.keys();
    if (this.byDigest.size >= this.maxSessions && oldest !== undefined) this.byDigest.delete(oldest);
    this.byDigest.set(digest, verified);
  }
}

const digestOf = (token: string) => hash('sha256', token, 'base64');
