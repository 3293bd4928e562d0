import { KeyConflict } from '../shared/errors';
import type { Metrics } from '../shared/metrics';
import type { Task } from '../shared/task';
import type { Access } from './access';
import { type KeyChanges, previousAfter } from './repository/key-changes';
import type { KeyRepository } from './repository/key-repository';
import type { UseRepository } from './repository/use-repository';
import { digestOf, hintOf, newSecret } from './secret';
import { isExpired, maxPreviousMs, type PreviousSecret, previousIsAlive } from './state';

export interface RotationRequest {
  readonly id: string;
  /** How long the previous secret is accepted after the first use of the new one; 0 ends it at once. */
  readonly gracePeriodSeconds: number;
}

/** A new secret, which is not available later. */
export interface RotatedKey {
  readonly id: string;
  readonly secret: string;
  readonly previousSecret: PreviousSecret;
}

/** Replaces the secret of a key with one write. The key and its Clerk key stay the same. */
export class KeyRotator {
  constructor(
    private readonly keys: KeyRepository,
    private readonly changes: KeyChanges,
    private readonly uses: UseRepository,
    private readonly keyPrefix: string,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Rotates a key. If the current secret was never used, it is replaced, and an older one that is still accepted stays:
   * if the response of the last rotation was lost, programs use the older one.
   * @throws KeyNotFound, KeyOfAnotherOwner, RoleMissing
   * @throws KeyConflict when the key is revoked or expired, or when it was rotated at the same time.
   * @throws DependencyUnavailable when the table does not answer. The key may be rotated; rotating again is safe.
   */
  async rotate({ id, gracePeriodSeconds }: RotationRequest, access: Access, task: Task): Promise<RotatedKey> {
    const { deadline, log } = task;
    const from = await this.keys.readOwnKey(id, access, deadline);
    const now = Date.now();
    if (from.revokedAt !== undefined) throw new KeyConflict('revoked');
    if (isExpired(from, now)) throw new KeyConflict('expired');
    const secret = newSecret(this.keyPrefix, id);
    await this.changes.rotate(
      {
        from,
        secretDigest: digestOf(secret),
        hint: hintOf(secret),
        gracePeriodSeconds,
        previous:
          gracePeriodSeconds === 0
            ? undefined
            : previousAfter(from, await this.currentWasUsed(from, task), now, maxPreviousMs),
      },
      access,
      deadline,
    );
    this.metrics.count('KeysRotated');
    log.info('key.rotated', { keyId: id, gracePeriodSeconds });
    const expiresAt = gracePeriodSeconds === 0 ? new Date().toISOString() : null;
    return { id, secret, previousSecret: { gracePeriodSeconds, expiresAt } };
  }

  /** The first use of a secret is stored only while an older one is accepted. Otherwise the result makes no difference. */
  private async currentWasUsed(key: Parameters<typeof previousIsAlive>[0], { deadline }: Task): Promise<boolean> {
    if (!previousIsAlive(key, Date.now())) return true;
    return (await this.uses.firstUse(key.id, key.secretNumber ?? 1, deadline)) !== undefined;
  }
}
