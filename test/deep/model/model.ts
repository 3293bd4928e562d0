import type { Round, Step } from './sequences';

/** A key as a list shows it. */
export interface ShownKey {
  readonly id: string;
  readonly name: number;
  /** Orders the keys of an owner: the one that was created last has the greatest. */
  readonly place: string;
}

/** A key that somebody was told, or that a list has shown. */
export interface KnownKey extends ShownKey {
  readonly user: number;
  /** Undefined where the answer to its creation was lost and a list has shown the key. */
  readonly secret?: string;
  /** `maybe` after a revocation that was not answered. */
  revoked: 'no' | 'maybe' | 'yes';
}

/** A step that runs now: the key that it is about, and whether another request may interfere. */
export interface Request {
  readonly step: Step;
  readonly key: KnownKey | undefined;
  readonly rivals: boolean;
}

/** What callers know of the service altogether, and which answers they may get. */
export class Model {
  readonly keys: KnownKey[] = [];
  /** Names that a request without a clear answer may have left in use, here or at Clerk. */
  private readonly uncertain = new Set<string>();
  private readonly deleted = new Map<number, 'maybe' | 'yes'>();

  isDeleted = (user: number) => this.deleted.get(user) ?? 'no';
  ownedBy = (user: number) => this.keys.filter((key) => key.user === user);

  /** Takes in what the requests may have done before they are answered. */
  begin(round: Round): Request[] {
    const told = this.keys.filter((key) => key.secret !== undefined);
    const keys = round.map((step) => {
      const index = 'key' in step ? step.key : 'after' in step ? step.after : undefined;
      return index === undefined ? undefined : told[index % told.length];
    });
    const users = round.map((step, n) => keys[n]?.user ?? step.user);
    const requests = round.map((step, n) => ({
      step,
      key: keys[n],
      rivals: users.some((user, other) => other !== n && user === users[n]),
    }));
    for (const request of requests) if (request.rivals || request.step.fault) this.blur(request);
    return requests;
  }

  private blur({ step, key }: Request): void {
    if (step.does === 'create') this.uncertain.add(`${step.user} ${step.name}`);
    if (step.does === 'revoke' && key?.user === step.user) this.mayBeRevoked(key);
    if (step.does !== 'delete user') return;
    if (this.isDeleted(step.user) === 'no') this.deleted.set(step.user, 'maybe');
    for (const each of this.ownedBy(step.user)) this.mayBeRevoked(each);
  }

  private mayBeRevoked(key: KnownKey): void {
    if (key.revoked === 'no') key.revoked = 'maybe';
    this.uncertain.add(`${key.user} ${key.name}`);
  }

  private isUncertain = (user: number, name: number) => this.uncertain.has(`${user} ${name}`);

  /** Every status that keeps the contract, given what is known. */
  allowed(request: Request): number[] {
    const { does, fault } = request.step;
    const limited = does === 'create' && fault?.part === 'clerk' && fault.kind === '429';
    return [...this.allowedBy(request), ...(fault ? [503] : []), ...(limited ? [429] : [])];
  }

  private allowedBy({ step, key }: Request): number[] {
    const isOwn = key?.user === step.user;
    switch (step.does) {
      case 'create': {
        const gone = this.isDeleted(step.user);
        // Clerk knows that a user is deleted before its delivery has told us.
        if (gone !== 'no') return gone === 'yes' ? [401] : [200, 401, 409, 500];
        const sameName = this.ownedBy(step.user).filter(({ name }) => name === step.name);
        if (sameName.some(({ revoked }) => revoked === 'no')) return [409];
        return this.isUncertain(step.user, step.name) ? [200, 409] : [200];
      }
      case 'list':
        return [step.after === undefined || isOwn ? 200 : 400];
      case 'get':
      case 'revoke':
        return [key ? (isOwn ? 200 : 401) : 404];
      case 'whoami':
        if (!key || step.altered || key.revoked === 'yes' || this.isDeleted(key.user) === 'yes') return [401];
        return key.revoked === 'maybe' || this.isDeleted(key.user) === 'maybe' ? [200, 401] : [200];
      case 'delete user':
        return [200];
    }
  }

  /** What is wrong with a list; undefined when nothing is. */
  wrongWithList({ step, key, rivals }: Request, shown: readonly ShownKey[]): string | undefined {
    const places = shown.map(({ place }) => place);
    const isInOrder = places.every((place, n) => place < (places[n - 1] ?? key?.place ?? '~'));
    if (!isInOrder) return 'it is not in order, or begins before the key that it is to follow';
    if (shown.length > limitOf(step)) return 'it is longer than its limit';
    const isShown = ({ id }: KnownKey) => shown.some((each) => each.id === id);
    const own = this.ownedBy(step.user);
    const covered = own.filter((each) => isCovered(each, step, key, shown));
    const missing = covered.find((each) => each.revoked === 'no' && !isShown(each));
    if (missing && !rivals && this.isDeleted(step.user) === 'no') return `${missing.id} is missing`;
    const revoked = own.find((each) => each.revoked === 'yes' && isShown(each));
    if (revoked) return `${revoked.id} is revoked`;
    const unknown = shown.find(
      ({ id, name }) => !own.some((each) => each.id === id) && !this.isUncertain(step.user, name),
    );
    return unknown && `nobody has asked for ${unknown.id}`;
  }

  /** Takes in the outcome of a request: a key that was told, the keys that were listed. */
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
      if (!isCovered(each, step, key, shown)) continue;
      each.revoked = shown.some(({ id }) => id === each.id) ? 'no' : 'yes';
    }
    const known = new Set(this.keys.map(({ id }) => id));
    for (const each of shown) if (!known.has(each.id)) this.keys.push({ ...each, user: step.user, revoked: 'no' });
  }
}

const limitOf = (step: Step) => ('limit' in step ? step.limit : undefined) ?? 100;

/** Whether a list shows the key if it is not revoked: it is behind `after`, and not behind the end of the page. */
function isCovered({ place }: ShownKey, step: Step, after: ShownKey | undefined, shown: readonly ShownKey[]) {
  if (after && place >= after.place) return false;
  return shown.length < limitOf(step) || place >= (shown.at(-1)?.place ?? '');
}
