import type { Round, Step } from './sequences';

/** A key that somebody was told, or that a list has shown. */
export interface KnownKey {
  readonly user: number;
  readonly name: number;
  readonly id: string;
  /** What its owner was told; undefined where that answer was lost and a list has shown the key. */
  readonly secret?: string;
  /** `maybe` after a revocation that was not answered. */
  revoked: 'no' | 'maybe' | 'yes';
}

/** A step that runs now: the key that it means, and whether another request may come in between. */
export interface Request {
  readonly step: Step;
  readonly key: KnownKey | undefined;
  readonly rivals: boolean;
}

/** A key as a list shows it. */
export type ShownKey = Pick<KnownKey, 'id' | 'name'>;

/** What all callers together can know of the service, and what it may answer them. */
export class Model {
  readonly keys: KnownKey[] = [];
  /** Names that a request without a clear answer may have left taken, here or at Clerk. */
  private readonly loose = new Set<string>();
  private readonly deleted = new Map<number, 'maybe' | 'yes'>();

  isDeleted = (user: number) => this.deleted.get(user) ?? 'no';
  ownedBy = (user: number) => this.keys.filter((key) => key.user === user);

  /** What requests in flight may have done by the time that others see it, or before they fail. */
  begin(round: Round): Request[] {
    const told = this.keys.filter((key) => key.secret !== undefined);
    const meant = round.map((step) => ('key' in step ? told[step.key % told.length] : undefined));
    const touched = round.map((step, n) => meant[n]?.user ?? step.user);
    const requests = round.map((step, n) => ({
      step,
      key: meant[n],
      rivals: touched.some((user, other) => other !== n && user === touched[n]),
    }));
    for (const request of requests) if (request.rivals || request.step.fault) this.blur(request);
    return requests;
  }

  private blur({ step, key }: Request): void {
    if (step.does === 'create') this.loosen({ user: step.user, name: step.name });
    if (step.does === 'revoke' && key?.user === step.user) this.mayBeRevoked(key);
    if (step.does !== 'delete user') return;
    if (this.isDeleted(step.user) === 'no') this.deleted.set(step.user, 'maybe');
    for (const each of this.ownedBy(step.user)) this.mayBeRevoked(each);
  }

  private mayBeRevoked(key: KnownKey): void {
    if (key.revoked === 'no') key.revoked = 'maybe';
    this.loosen(key);
  }

  private loosen = ({ user, name }: { user: number; name: number }) => this.loose.add(`${user} ${name}`);
  private isLoose = (user: number, name: number) => this.loose.has(`${user} ${name}`);

  /** Every status that keeps the contract, given what is known. */
  allowed(request: Request): number[] {
    const { does, fault } = request.step;
    const limited = does === 'create' && fault?.part === 'clerk' && fault.kind === '429';
    return [...this.allowedBy(request), ...(fault ? [503] : []), ...(limited ? [429] : [])];
  }

  private allowedBy({ step, key }: Request): number[] {
    switch (step.does) {
      case 'create': {
        const gone = this.isDeleted(step.user);
        // Clerk knows that a user is gone before its delivery has told us.
        if (gone !== 'no') return gone === 'yes' ? [401] : [200, 401, 409, 500];
        const sameName = this.ownedBy(step.user).filter(({ name }) => name === step.name);
        if (sameName.some(({ revoked }) => revoked === 'no')) return [409];
        return this.isLoose(step.user, step.name) ? [200, 409] : [200];
      }
      case 'revoke':
        if (!key) return [404];
        return key.user === step.user ? [200] : [401];
      case 'whoami':
        if (!key || step.altered || key.revoked === 'yes' || this.isDeleted(key.user) === 'yes') return [401];
        return key.revoked === 'maybe' || this.isDeleted(key.user) === 'maybe' ? [200, 401] : [200];
      default:
        return [200];
    }
  }

  /** What of a list cannot be; undefined when it fits. */
  misfit({ step, rivals }: Request, shown: readonly ShownKey[]): string | undefined {
    const ids = shown.map(({ id }) => id);
    const own = this.ownedBy(step.user);
    const missing = own.find(({ id, revoked }) => revoked === 'no' && !ids.includes(id));
    if (missing && !rivals && this.isDeleted(step.user) === 'no') return `${missing.id} is missing`;
    const dead = own.find(({ id, revoked }) => revoked === 'yes' && ids.includes(id));
    if (dead) return `${dead.id} is revoked`;
    const unknown = shown.find(
      ({ id, name }) => !own.some((key) => key.id === id) && !this.isLoose(step.user, name),
    );
    return unknown && `${unknown.id} was made by nobody`;
  }

  /** Takes in what a request came to: a key that it told, the keys that it showed. */
  end(request: Request, status: number | undefined, told?: KnownKey, shown?: readonly ShownKey[]): void {
    const { step, key, rivals } = request;
    if (told) this.keys.push(told);
    if (status === 503) this.blur(request);
    if (status !== 200) return;
    if (step.does === 'revoke' && key) key.revoked = 'yes';
    if (step.does === 'delete user') {
      this.deleted.set(step.user, 'yes');
      for (const each of this.ownedBy(step.user)) each.revoked = 'yes';
    }
    if (!shown || rivals) return;
    for (const each of this.ownedBy(step.user)) {
      each.revoked = shown.some(({ id }) => id === each.id) ? 'no' : 'yes';
    }
    const known = new Set(this.keys.map(({ id }) => id));
    for (const { id, name } of shown)
      if (!known.has(id)) this.keys.push({ user: step.user, name, id, revoked: 'no' });
  }
}
