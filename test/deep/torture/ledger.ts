/** A key whose secret the service has told, and what it has said of it since. */
export interface ToldKey {
  readonly id: string;
  readonly user: string;
  readonly name: string;
  readonly secret: string;
  /** How often it was shown to the service. */
  uses: number;
  /** Revocations on their way. */
  revocationsSent: number;
  /** A revocation got no answer, or 503: it may have happened. */
  revocationLost: boolean;
  /** A revocation was answered with success, or the key was refused after one. */
  revoked: boolean;
}

/** What a key has to be: `unsure` where nobody can tell whether a revocation has happened. */
export type Fate = 'active' | 'unsure' | 'revoked';

export function fateOf({ revoked, revocationsSent, revocationLost }: ToldKey): Fate {
  if (revoked) return 'revoked';
  return revocationsSent > 0 || revocationLost ? 'unsure' : 'active';
}

/** How a call ended: its status, or why there is none. */
export type Outcome =
  | number
  /** Nothing listened: what was asked has not happened. */
  | 'not reached'
  /** The server was killed before it answered: what was asked may have happened. */
  | 'answer lost'
  /** No answer although the server was up; the same, and never right. */
  | 'broken off';

/** Whether what was asked for may have happened although no answer said so. */
const mayHaveHappened = (outcome: Outcome) => outcome === 503 || typeof outcome === 'string';

const nameOf = (user: string, name: string) => `${user} ${name}`;

/** What was promised: every secret ever told, every revocation, every creation that may have happened unheard. */
export class Ledger {
  readonly keys: ToldKey[] = [];
  private readonly lostCreations = new Set<string>();

  told(key: Pick<ToldKey, 'id' | 'user' | 'name' | 'secret'>): void {
    this.keys.push({ ...key, uses: 0, revocationsSent: 0, revocationLost: false, revoked: false });
  }

  creationEnded(user: string, name: string, outcome: Outcome): void {
    if (outcome !== 'not reached' && mayHaveHappened(outcome)) this.lostCreations.add(nameOf(user, name));
  }

  /** Whether a key of the name may be there whose secret nobody was told. */
  mayBeUntold(user: string, name: string): boolean {
    return this.lostCreations.has(nameOf(user, name));
  }

  revocationSent(key: ToldKey): void {
    key.revocationsSent += 1;
  }

  revocationEnded(key: ToldKey, outcome: Outcome): void {
    key.revocationsSent -= 1;
    if (outcome === 200) key.revoked = true;
    else if (outcome !== 'not reached' && mayHaveHappened(outcome)) key.revocationLost = true;
  }

  /** A refusal settles what a lost revocation left open: from then on the key is never to work again. */
  refused(key: ToldKey): void {
    if (fateOf(key) === 'unsure') key.revoked = true;
  }
}
