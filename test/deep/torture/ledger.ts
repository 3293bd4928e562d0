/** How a call ended: its status, or why it has none. */
export type Outcome =
  | number
  /** No connection: the call has had no effect. */
  | 'not reached'
  /** The server was killed before it answered: the call may have had its effect. */
  | 'answer lost'
  /** The server was running and did not answer, which is never right. */
  | 'broken off';

/** A key whose secret the service has told, and what it has said of it since. */
export interface ToldKey {
  readonly id: string;
  readonly user: string;
  readonly name: string;
  readonly secret: string;
  /** How often it was verified. */
  uses: number;
  /** Revocations that are not answered yet. */
  revocationsSent: number;
  /** A revocation was not answered, or with 503: it may have happened. */
  revocationLost: boolean;
  /** A revocation was answered with success, or the key was refused after one. */
  revoked: boolean;
}

/** What is known of a key: `unsure` while nobody can tell whether its revocation has happened. */
export type State = 'active' | 'unsure' | 'revoked';

export function stateOf({ revoked, revocationsSent, revocationLost }: ToldKey): State {
  if (revoked) return 'revoked';
  return revocationsSent > 0 || revocationLost ? 'unsure' : 'active';
}

const mayHaveHappened = (outcome: Outcome) => outcome === 503 || outcome === 'answer lost' || outcome === 'broken off';

/** What the service has promised: every secret, every revocation, and every creation that may have happened. */
export class Ledger {
  readonly keys: ToldKey[] = [];
  private readonly lostCreations = new Set<string>();

  told(key: Pick<ToldKey, 'id' | 'user' | 'name' | 'secret'>): void {
    this.keys.push({ ...key, uses: 0, revocationsSent: 0, revocationLost: false, revoked: false });
  }

  creationEnded(user: string, name: string, outcome: Outcome): void {
    if (mayHaveHappened(outcome)) this.lostCreations.add(`${user} ${name}`);
  }

  /** Whether there may be a key of this name whose secret nobody was told. */
  mayBeUntold = (user: string, name: string) => this.lostCreations.has(`${user} ${name}`);

  revocationSent(key: ToldKey): void {
    key.revocationsSent += 1;
  }

  revocationEnded(key: ToldKey, outcome: Outcome): void {
    key.revocationsSent -= 1;
    if (outcome === 200) key.revoked = true;
    else if (mayHaveHappened(outcome)) key.revocationLost = true;
  }

  /** A refusal decides an unsure revocation: from then on the key must stay refused. */
  refused(key: ToldKey): void {
    if (stateOf(key) === 'unsure') key.revoked = true;
  }
}
