import { type Breach, statusBreach, verificationBreach } from './judgement';
import { fateOf, type Ledger, type ToldKey } from './ledger';
import type { Service } from './service';

/** The first keys are asked for again and again, so that they meet their limit, and are never revoked. */
const hotKeys = 3;
const pauseMs = 100;

const oneOf = <T>(items: readonly T[]): T | undefined => items[Math.floor(Math.random() * items.length)];

/** One of those who call the service at once: makes, uses and revokes keys, everybody's, and notes what it was told. */
export class Client {
  private made = 0;
  /** Names whose creation got no answer. */
  private readonly toRetry: { user: string; name: string }[] = [];

  constructor(
    private readonly label: string,
    private readonly service: Service,
    private readonly ledger: Ledger,
    private readonly users: readonly string[],
    private readonly onBreach: (breach: Breach) => void,
  ) {}

  async runUntil(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const answered = await this.step();
      if (!answered) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  /** @returns whether there was an answer. */
  private async step(): Promise<boolean> {
    const dice = Math.random();
    const key = oneOf(dice < 0.1 ? this.ledger.keys.slice(0, hotKeys) : this.ledger.keys);
    if (!key || dice > 0.75) return await this.create();
    if (dice < 0.55) return await this.verify(key);
    if (dice < 0.6) return await this.list();
    if (dice < 0.62) return await this.createAgain(key);
    return await this.revoke(key);
  }

  private async create(): Promise<boolean> {
    const retried = Math.random() < 0.5 ? this.toRetry.shift() : undefined;
    const { user, name } = retried ?? { user: oneOf(this.users) ?? '', name: this.newName() };
    const allowed = retried ? [200, 409] : [200];
    const { outcome, body } = await this.service.create(user, name);
    this.ledger.creationEnded(user, name, outcome);
    this.note(statusBreach('create', outcome, allowed, `"${name}" of ${user}`));
    if (outcome === 200) this.noteTold(user, name, body);
    else if (outcome !== 409) this.toRetry.push({ user, name });
    return typeof outcome === 'number';
  }

  /** A name in use is refused; it is free again once its key is revoked, or late if the server died meanwhile. */
  private async createAgain(key: ToldKey): Promise<boolean> {
    const { user, name } = key;
    const { outcome, body } = await this.service.create(user, name);
    this.ledger.creationEnded(user, name, outcome);
    const allowed = fateOf(key) === 'active' ? [409] : [200, 409];
    this.note(statusBreach('create', outcome, allowed, `a second "${name}" of ${user}`));
    if (outcome === 200) this.noteTold(user, name, body);
    return typeof outcome === 'number';
  }

  private async verify(key: ToldKey): Promise<boolean> {
    const before = fateOf(key);
    key.uses += 1;
    const reply = await this.service.whoami(key.secret);
    this.note(verificationBreach(key, before, reply));
    if (reply.outcome === 401) this.ledger.refused(key);
    return typeof reply.outcome === 'number';
  }

  private async list(): Promise<boolean> {
    const user = oneOf(this.users) ?? '';
    const { outcome } = await this.service.list(user);
    this.note(statusBreach('list', outcome, [200], user));
    return typeof outcome === 'number';
  }

  private async revoke(key: ToldKey): Promise<boolean> {
    if (this.ledger.keys.indexOf(key) < hotKeys) return await this.verify(key);
    this.ledger.revocationSent(key);
    const { outcome } = await this.service.revoke(key.user, key.id);
    this.ledger.revocationEnded(key, outcome);
    this.note(statusBreach('revoke', outcome, [200], `${key.id} of ${key.user}`));
    return typeof outcome === 'number';
  }

  private noteTold(user: string, name: string, body: unknown): void {
    const { id, secret } = (body ?? {}) as Record<string, unknown>;
    if (typeof id === 'string' && typeof secret === 'string') this.ledger.told({ id, user, name, secret });
    else this.note({ promise: 'a creation tells id and secret', what: `"${name}" of ${user}` });
  }

  private newName(): string {
    this.made += 1;
    return `${this.label} ${this.made}`;
  }

  private note(breach: Breach | undefined): void {
    if (breach) this.onBreach(breach);
  }
}
