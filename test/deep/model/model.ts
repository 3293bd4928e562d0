import { foundKey, type Known, type KnownKey, type ShownKey } from './known-key';
import { anybodys, type Round, type Step } from './sequences';

export const organization = 2;

/** A step that runs now: the key that it is about, and whether another request may interfere. */
export interface Request {
  readonly step: Step;
  readonly key: KnownKey | undefined;
  readonly secret: string | undefined;
  readonly rivals: boolean;
}

/** What a request has told: a new key, a new secret, the keys of a list. */
export interface Told {
  readonly key?: KnownKey | undefined;
  readonly secret?: string | undefined;
  readonly shown?: readonly ShownKey[] | undefined;
}

/** Whether a step is allowed to manage keys of the organization. */
export const manages = ({ role }: Step) => role === 'admin';

/** What callers know of the service altogether, and which answers they may get. */
export class Model {
  readonly keys: KnownKey[] = [];
  /** Names that a request without a clear answer may have left in use, here or at Clerk. */
  private readonly uncertain = new Set<string>();
  private readonly deleted = new Map<number, Known>();
  private readonly suspended = new Map<number, Known>();
  /** Whether this service has begun to handle a ban of the user. Before that, a delivery of its end needs nothing. */
  private readonly bansBegun = new Map<number, Known>();

  isDeleted = (owner: number) => this.deleted.get(owner) ?? 'no';
  isSuspended = (owner: number) => this.suspended.get(owner) ?? 'no';
  ownedBy = (owner: number) => this.keys.filter((key) => key.owner === owner);

  /** Takes in what the requests may have done before they are answered. */
  begin(round: Round): Request[] {
    const told = this.keys.filter(({ secrets }) => secrets.told.length > 0);
    const keys = round.map((step) => {
      const index = 'key' in step ? step.key : 'after' in step ? step.after : undefined;
      if (index === undefined) return undefined;
      const own = told.filter((key) => mayManage(step, key));
      const candidates = own.length === 0 || index === anybodys ? told : own;
      return candidates[index % candidates.length];
    });
    const touched = round.map((step, n) => ownersTouchedBy(step, keys[n]));
    const requests = round.map((step, n) => {
      const secrets = keys[n]?.secrets.told ?? [];
      return {
        step,
        key: keys[n],
        secret: 'secret' in step ? secrets[step.secret % secrets.length] : undefined,
        rivals: touched.some((owners, other) => other !== n && owners.some((owner) => touched[n]?.includes(owner))),
      };
    });
    for (const request of requests) if (request.rivals || request.step.fault) this.blur(request);
    return requests;
  }

  private blur({ step, key, secret }: Request): void {
    if (step.does === 'create') this.uncertain.add(`${ownerOf(step)} ${step.name}`);
    if (step.does === 'delete user') this.blurDeletion(step.user);
    if (step.does === 'delete organization') this.blurDeletion(organization);
    if (step.does === 'update user') {
      const begun = this.bansBegun.get(step.user) ?? 'no';
      if (begun === 'no' && !step.wasBanned) return;
      this.suspended.set(step.user, 'maybe');
      if (begun === 'no') this.bansBegun.set(step.user, 'maybe');
    }
    if (!key) return;
    if (step.does === 'revoke' && mayManage(step, key)) this.mayBeRevoked(key);
    if (step.does === 'update' && mayManage(step, key)) key.disabled = 'maybe';
    if (step.does === 'rotate' && mayManage(step, key)) key.secrets.blur();
    if (step.does === 'whoami' || step.does === 'end grace') key.secrets.blur();
    if (step.does === 'expire' && key.expires && key.expired === 'no') key.expired = 'maybe';
    if (step.does === 'revoke self' && secret !== undefined && !step.altered) {
      key.secrets.blur();
      this.mayBeRevoked(key);
    }
  }

  private blurDeletion(owner: number): void {
    if (this.isDeleted(owner) === 'no') this.deleted.set(owner, 'maybe');
    for (const each of this.ownedBy(owner)) this.mayBeRevoked(each);
  }

  private mayBeRevoked(key: KnownKey): void {
    if (key.revoked === 'no') key.revoked = 'maybe';
    this.uncertain.add(`${key.owner} ${key.name}`);
  }

  private isUncertain = (owner: number, name: number) => this.uncertain.has(`${owner} ${name}`);

  /** Every status that keeps the contract, given what is known. */
  allowed(request: Request): number[] {
    const { does, fault } = request.step;
    const calls = does === 'create' || does === 'update user';
    const limited = calls && fault?.part === 'clerk' && fault.kind === '429';
    // A delivery that finds a later one, which is being handled, is to be repeated.
    const undecided = fault || (does === 'update user' && request.rivals);
    return [...this.allowedBy(request), ...(undecided ? [503] : []), ...(limited ? [429] : [])];
  }

  private allowedBy({ step, key, secret, rivals }: Request): number[] {
    switch (step.does) {
      case 'create':
        return this.allowedCreation(step);
      case 'list': {
        if (step.ofOrganization && !step.role) return [400];
        return [step.after === undefined || key?.owner === ownerOf(step) ? 200 : 400];
      }
      case 'get':
      case 'usage':
        return [key ? (mayView(step, key) ? 200 : 401) : 404];
      case 'revoke':
        return key ? managed(step, key, [200]) : [404];
      case 'update':
        return key ? managed(step, key, allowedBy(key.revoked, [200], [409])) : [404];
      case 'rotate': {
        // Of two rotations at the same time one is refused.
        const refused = either(key?.revoked ?? 'no', key?.expired ?? 'no', rivals ? 'maybe' : 'no');
        return key ? managed(step, key, allowedBy(refused, [200], [409])) : [404];
      }
      case 'whoami': {
        if (!key || secret === undefined || step.altered) return [401];
        return allowedBy(not(key.secrets.accepts(secret)), allowedBy(this.isUnusable(key), [200], [401]), [401]);
      }
      case 'revoke self':
        if (!key || secret === undefined || step.altered) return [401];
        return key.secrets.accepts(secret) === 'yes' ? [200] : [200, 401];
      default:
        return [200];
    }
  }

  private isUnusable = (key: KnownKey): Known =>
    either(key.revoked, key.disabled, key.expired, this.isDeleted(key.owner), this.isSuspended(key.owner));

  private allowedCreation(step: Step & { does: 'create' }): number[] {
    const owner = ownerOf(step);
    if (owner === organization && !step.role) return [400];
    if (owner === organization && !manages(step)) return [403];
    const gone = either(this.isDeleted(step.user), this.isDeleted(owner));
    // The user of a deleted organization can be banned too. The contract does not say which of the two is answered.
    const isBanned = this.isSuspended(step.user);
    const banned = { no: [], maybe: [403, 503], yes: [403] }[isBanned];
    if (gone === 'yes') return [401, ...banned];
    if (isBanned === 'yes') return gone === 'maybe' ? [401, 403] : [403];
    const sameName = this.ownedBy(owner).filter(({ name }) => name === step.name);
    const taken = either('no', ...sameName.map(({ revoked }) => not(revoked)));
    const clash = taken === 'no' && this.isUncertain(owner, step.name) ? 'maybe' : taken;
    return [
      ...(clash === 'yes' ? [409] : allowedBy(clash, [200], [409])),
      ...banned,
      // Clerk knows that an owner is deleted before its delivery has told us.
      ...(gone === 'maybe' ? [401, 409, 500] : []),
    ];
  }

  /** What is wrong with a list; undefined when nothing is. */
  wrongWithList({ step, key, rivals }: Request, shown: readonly ShownKey[]): string | undefined {
    const owner = ownerOf(step);
    const places = shown.map(({ place }) => place);
    const isInOrder = places.every((place, n) => place < (places[n - 1] ?? key?.place ?? '~'));
    if (!isInOrder) return 'it is not in order, or begins before the key that it is to follow';
    if (shown.length > limitOf(step)) return 'it is longer than its limit';
    const isShown = ({ id }: KnownKey) => shown.some((each) => each.id === id);
    const own = this.ownedBy(owner);
    const covered = own.filter((each) => isCovered(each, step, key, shown));
    const missing = covered.find((each) => each.revoked === 'no' && !isShown(each));
    if (missing && !rivals && this.isDeleted(owner) === 'no') return `${missing.id} is missing`;
    const revoked = own.find((each) => each.revoked === 'yes' && isShown(each));
    if (revoked) return `${revoked.id} is revoked`;
    const unknown = shown.find(({ id, name }) => !own.some((each) => each.id === id) && !this.isUncertain(owner, name));
    return unknown && `nobody has asked for ${unknown.id}`;
  }

  /** Takes in the outcome of a request, and what it has told. */
  end(request: Request, status: number | undefined, told: Told, isBannedAtClerk: (user: number) => boolean): void {
    const { step, key, secret, rivals } = request;
    if (told.key) this.keys.push(told.key);
    if (told.secret !== undefined) key?.secrets.told.unshift(told.secret);
    if (status === 503) this.blur(request);
    if (status !== 200) return;
    if (step.does === 'delete user') this.endDeletion(step.user);
    if (step.does === 'delete organization') this.endDeletion(organization);
    if (step.does === 'update user') this.endUserUpdate(step, rivals, isBannedAtClerk(step.user));
    if (key) this.endChange(key, request, told);
    if (step.does === 'revoke self' && key && secret !== undefined) {
      const isCurrent = key.secrets.isCurrent(secret);
      key.secrets.endPrevious(secret);
      if (isCurrent === 'yes') key.revoked = 'yes';
      if (isCurrent === 'maybe') this.mayBeRevoked(key);
    }
    if (told.shown && !rivals) this.takeList(request, told.shown);
  }

  private endDeletion(owner: number): void {
    this.deleted.set(owner, 'yes');
    for (const each of this.ownedBy(owner)) each.revoked = 'yes';
  }

  private endUserUpdate(step: Step & { does: 'update user' }, rivals: boolean, isBanned: boolean): void {
    const begun = step.wasBanned ? 'yes' : (this.bansBegun.get(step.user) ?? 'no');
    if (begun === 'no') return;
    this.bansBegun.set(step.user, begun);
    this.suspended.set(step.user, rivals ? 'maybe' : isBanned ? begun : 'no');
  }

  private endChange(key: KnownKey, { step, secret, rivals }: Request, told: Told): void {
    if (step.does === 'revoke') key.revoked = 'yes';
    if (step.does === 'expire' && key.expires) key.expired = 'yes';
    if (rivals) return;
    if (step.does === 'update') key.disabled = step.enabled ? 'no' : 'yes';
    if (step.does === 'rotate' && told.secret !== undefined) key.secrets.rotated(told.secret, step.graceful);
    if (step.does === 'whoami' && secret !== undefined) key.secrets.used(secret);
    if (step.does === 'end grace') key.secrets.endGrace();
  }

  private takeList({ step, key }: Request, shown: readonly ShownKey[]): void {
    const owner = ownerOf(step);
    for (const each of this.ownedBy(owner)) {
      if (!isCovered(each, step, key, shown)) continue;
      each.revoked = shown.some(({ id }) => id === each.id) ? 'no' : 'yes';
    }
    const known = new Set(this.keys.map(({ id }) => id));
    for (const each of shown) if (!known.has(each.id)) this.keys.push(foundKey(each, owner));
  }
}

export const ownerOf = (step: Step) => ('ofOrganization' in step && step.ofOrganization ? organization : step.user);

/** The owners that a request depends on or changes. */
function ownersTouchedBy(step: Step, key: KnownKey | undefined): number[] {
  if (step.does === 'delete organization') return [organization];
  return [step.user, ownerOf(step), ...(key ? [key.owner] : [])];
}

const mayView = (step: Step, { owner }: KnownKey) =>
  owner === step.user || (owner === organization && step.role !== undefined);
const mayManage = (step: Step, { owner }: KnownKey) => owner === step.user || (owner === organization && manages(step));

/** The statuses of a call that manages a key, given those for somebody who may. */
function managed(step: Step, key: KnownKey, allowed: number[]): number[] {
  if (mayManage(step, key)) return allowed;
  return [key.owner === organization && step.role ? 403 : 401];
}

const not = (known: Known): Known => (known === 'maybe' ? 'maybe' : known === 'yes' ? 'no' : 'yes');
const either = (...known: Known[]): Known => (known.includes('yes') ? 'yes' : known.includes('maybe') ? 'maybe' : 'no');
/** The statuses if something is not so, if it is, or both. */
function allowedBy(known: Known, no: number[], yes: number[]): number[] {
  return known === 'maybe' ? [...no, ...yes] : known === 'yes' ? yes : no;
}

const limitOf = (step: Step) => ('limit' in step ? step.limit : undefined) ?? 100;

/** Whether a list shows the key if it is not revoked: it is behind `after`, and not behind the end of the page. */
function isCovered({ place }: ShownKey, step: Step, after: ShownKey | undefined, shown: readonly ShownKey[]) {
  if (after && place >= after.place) return false;
  return shown.length < limitOf(step) || place >= (shown.at(-1)?.place ?? '');
}
