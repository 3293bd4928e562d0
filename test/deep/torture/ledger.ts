export type Outcome =
  | number
  /** No connection: the call has had no effect. */
  | 'not reached'
  /** The server was killed before it answered: the call may have had its effect. */
  | 'answer lost'
  /** The server was running and did not answer, which is never right. */
  | 'broken off';

/** What is known of a key: `unsure` while nobody can tell whether its revocation has happened. */
export type State = 'active' | 'unsure' | 'revoked';

const mayHaveHappened = (outcome: Outcome) => outcome === 503 || outcome === 'answer lost' || outcome === 'broken off';

/** A key whose secret the service has told, and what it has said of it since. */
export class ToldKey {
  uses = 0;
  private revocationsSent = 0;
  /** A revocation was not answered, or with 503: it may have happened. */
  private revocationLost = false;
  private revoked = false;

  constructor(
    readonly id: string,
    readonly user: string,
    readonly name: string,
    readonly secret: string,
  ) {}

  get state(): State {
    if (this.revoked) return 'revoked';
    return this.revocationsSent > 0 || this.revocationLost ? 'unsure' : 'active';
  }

  revocationSent(): void {
    this.revocationsSent += 1;
  }

  revocationEnded(outcome: Outcome): void {
    this.revocationsSent -= 1;
    if (outcome === 200) this.revoked = true;
    else if (mayHaveHappened(outcome)) this.revocationLost = true;
  }

  /** A refusal decides an unsure revocation: from then on the key must stay refused. */
  refused(): void {
    if (this.state === 'unsure') this.revoked = true;
  }
}

/** What the service has promised: every secret, and every creation that may have happened. */
export class Ledger {
  readonly keys: ToldKey[] = [];
  private readonly lostCreations = new Set<string>();

  creationEnded(user: string, name: string, outcome: Outcome): void {
    if (mayHaveHappened(outcome)) this.lostCreations.add(`${user} ${name}`);
  }

  /** Whether there may be a key of this name whose secret nobody was told. */
  mayBeUntold = (user: string, name: string) => this.lostCreations.has(`${user} ${name}`);
}
