export type Known = 'no' | 'maybe' | 'yes';

/** A key as a list shows it. */
export interface ShownKey {
  readonly id: string;
  readonly name: number;
  /** Orders the keys of an owner: the one that was created last has the greatest. */
  readonly place: string;
}

/** The secrets of a key, as far as callers know them. */
export class KnownSecrets {
  /** All that were told, the newest first. Empty where a list has shown the key. */
  readonly told: string[];
  readonly ended = new Set<string>();
  private current: string | undefined;
  private previous: string | undefined;
  private currentWasUsed = false;
  /** Whether `current` and `previous` are known. */
  private isSure = true;

  constructor(secret: string | undefined) {
    this.told = secret === undefined ? [] : [secret];
    this.current = secret;
  }

  /** Whether a secret is accepted while its key can be used. */
  accepts(secret: string): Known {
    if (this.ended.has(secret)) return 'no';
    if (!this.isSure) return 'maybe';
    return secret === this.current || secret === this.previous ? 'yes' : 'no';
  }

  isCurrent = (secret: string): Known => (this.isSure ? (secret === this.current ? 'yes' : 'no') : 'maybe');

  blur(): void {
    this.isSure = false;
  }

  /** A rotation was answered, and nothing else has changed the key. */
  rotated(secret: string, graceful: boolean): void {
    const replacesUnused = this.previous !== undefined && !this.currentWasUsed;
    if (!graceful) {
      for (const older of this.told) if (older !== secret) this.ended.add(older);
      this.isSure = true;
    }
    this.previous = graceful ? (replacesUnused ? this.previous : this.current) : undefined;
    this.current = secret;
    this.currentWasUsed = false;
  }

  /** A use was accepted, and nothing else has changed the key. */
  used(secret: string): void {
    if (secret === this.current && this.previous !== undefined) this.currentWasUsed = true;
  }

  endGrace(): void {
    if (this.currentWasUsed) this.previous = undefined;
  }

  /** A secret was ended by its holder. It was not the current one. */
  endPrevious(secret: string): void {
    this.ended.add(secret);
    if (this.previous === secret) this.previous = undefined;
  }
}

export interface KnownKey extends ShownKey {
  /** The index of the user, or of the organization. */
  readonly owner: number;
  readonly expires: boolean;
  readonly secrets: KnownSecrets;
  revoked: Known;
  disabled: Known;
  expired: Known;
}

/** A key that a list has shown, whose creation was not answered. */
export function foundKey(shown: ShownKey, owner: number): KnownKey {
  return { ...newKey(shown, owner, undefined), expires: false };
}

export function newKey(shown: ShownKey, owner: number, secret: string | undefined): KnownKey {
  const unchanged = { revoked: 'no', disabled: 'no', expired: 'no' } as const;
  return { ...shown, ...unchanged, owner, expires: false, secrets: new KnownSecrets(secret) };
}
