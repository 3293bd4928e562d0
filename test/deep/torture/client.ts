import { type Breach, statusBreach, verificationBreach } from './judgement';
import { type Ledger, ToldKey } from './ledger';
import type { Reply, Service } from './service';

/** The first keys are verified again and again, so that they reach their limit, and are never revoked. */
const hotKeys = 3;
/** How long a client waits after a call without an answer, or with 503, in ms: twice as long each time. */
const [shortestPauseMs, longestPauseMs] = [100, 1_600];

const oneOf = <T>(items: readonly T[]): T | undefined => items[Math.floor(Math.random() * items.length)];

/** One of the callers at the same time: it creates, verifies and revokes keys, everybody's, and notes every answer. */
export class Client {
  private created = 0;
  /** Names whose creation got no answer. */
  private readonly toRetry: [user: string, name: string][] = [];

  constructor(
    private readonly label: string,
    private readonly service: Service,
    private readonly ledger: Ledger,
    private readonly users: readonly string[],
    private readonly onBreach: (breach: Breach) => void,
  ) {}

  async runUntil(isOver: () => boolean): Promise<void> {
    let pauseMs = shortestPauseMs;
    while (!isOver()) {
      const { outcome } = await this.step();
      const failed = outcome === 503 || typeof outcome === 'string';
      if (failed) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      pauseMs = failed ? Math.min(2 * pauseMs, longestPauseMs) : shortestPauseMs;
    }
  }

  private async step(): Promise<Reply> {
    const dice = Math.random();
    const key = oneOf(dice < 0.1 ? this.ledger.keys.slice(0, hotKeys) : this.ledger.keys);
    if (!key || dice > 0.75) return await this.create();
    if (dice < 0.55) return await this.verify(key);
    if (dice < 0.6) return await this.list();
    // A name in use is refused; it is free again once its key is revoked, which may be while the request runs.
    if (dice < 0.62)
      return await this.createKey(key.user, key.name, () => (key.state === 'active' ? [409] : [200, 409]));
    return this.ledger.keys.indexOf(key) < hotKeys ? await this.verify(key) : await this.revoke(key);
  }

  private async create(): Promise<Reply> {
    const retried = Math.random() < 0.5 ? this.toRetry.shift() : undefined;
    this.created += 1;
    const [user, name] = retried ?? [oneOf(this.users) ?? '', `${this.label} ${this.created}`];
    const reply = await this.createKey(user, name, () => (retried ? [200, 409] : [200]));
    if (reply.outcome !== 200 && reply.outcome !== 409) this.toRetry.push([user, name]);
    return reply;
  }

  private async createKey(user: string, name: string, allowed: () => number[]): Promise<Reply> {
    const reply = await this.service.create(user, name);
    const { outcome, body } = reply;
    this.ledger.creationEnded(user, name, outcome);
    const what = `"${name}" of ${user}`;
    this.note(statusBreach('create', outcome, allowed(), what));
    const { id, secret } = (body ?? {}) as Record<string, unknown>;
    if (outcome !== 200) return reply;
    if (typeof id === 'string' && typeof secret === 'string') {
      this.ledger.keys.push(new ToldKey(id, user, name, secret));
    } else this.note({ promise: 'a creation tells id and secret', what });
    return reply;
  }

  private async verify(key: ToldKey): Promise<Reply> {
    const before = key.state;
    key.uses += 1;
    const reply = await this.service.whoami(key.secret);
    this.note(verificationBreach(key, before, reply));
    if (reply.outcome === 401) key.refused();
    return reply;
  }

  private async list(): Promise<Reply> {
    const user = oneOf(this.users) ?? '';
    const reply = await this.service.list(user, oneOf([2, 100]) ?? 2);
    this.note(statusBreach('list', reply.outcome, [200], user));
    return reply;
  }

  private async revoke(key: ToldKey): Promise<Reply> {
    key.revocationSent();
    const reply = await this.service.revoke(key.user, key.id);
    key.revocationEnded(reply.outcome);
    this.note(statusBreach('revoke', reply.outcome, [200], `${key.id} of ${key.user}`));
    return reply;
  }

  private note(breach: Breach | undefined): void {
    if (breach) this.onBreach(breach);
  }
}
