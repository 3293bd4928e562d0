import { DependencyUnavailable, KeyRefused } from '../shared/errors';
import type { Metrics } from '../shared/metrics';
import type { Task } from '../shared/task';
import type { KeyItem, RevocationReason } from './repository/items';
import type { KeyChanges } from './repository/key-changes';
import type { KeyRepository, Revocation } from './repository/key-repository';
import { digestOf, idInSecret } from './secret';
import { isSame, previousIsAlive } from './state';

/** A secret that is not accepted any more. */
export interface EndedSecret {
  /** The key of the secret. It is revoked, unless the secret is its previous one. */
  readonly key: KeyItem;
  /** Whether this call ended it. */
  readonly endedNow: boolean;
}

/** Ends secrets in the table, which verification reads. */
export class SecretEnder {
  constructor(
    private readonly keys: KeyRepository,
    private readonly changes: KeyChanges,
    /** The accepted prefixes of secrets. */
    private readonly keyPrefixes: readonly string[],
    private readonly metrics: Metrics,
  ) {}

  /**
   * Ends a secret in the table: the key if it is the current secret, and only the previous secret otherwise. It works
   * in any state of the key, and for a secret that has ended before. It does not call Clerk: a revocation is pending.
   * @param reason why the key is revoked, for its event.
   * @throws KeyRefused for a secret that is malformed, unknown or altered, or that was replaced before the last rotation.
   * @throws DependencyUnavailable when the table does not answer.
   */
  async endSecret(secret: string | undefined, reason: RevocationReason, task: Task): Promise<EndedSecret> {
    const id = idInSecret(this.keyPrefixes, secret ?? '');
    if (secret === undefined || id === undefined) throw new KeyRefused('malformed');
    const digest = digestOf(secret);
    // If the key is rotated between the read and the write, the second attempt succeeds.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const key = await this.keys.readKey(id, task.deadline);
      if (key?.secretDigest === undefined) throw new KeyRefused('unknown');
      if (isSame(key.previousDigest ?? '', digest)) {
        const endedNow = key.revokedAt === undefined && previousIsAlive(key, Date.now());
        await this.changes.endPrevious(id, digest, task.deadline);
        task.log.info('key.previous-secret-ended', { keyId: id, keyOwnerId: key.ownerId, reason });
        return { key, endedNow };
      }
      if (!isSame(key.secretDigest, digest)) throw new KeyRefused('altered or replaced');
      const revoked = await this.keys.markRevoked(id, { secretDigest: key.secretDigest }, task.deadline, reason);
      if (revoked.key.secretDigest === key.secretDigest) {
        noteRevoked(revoked, this.metrics, task);
        return { key: revoked.key, endedNow: revoked.revokedNow };
      }
    }
    throw new DependencyUnavailable('dynamodb', 'contention');
  }
}

/** Counts and logs a revocation. */
export function noteRevoked({ key, revokedNow }: Revocation, metrics: Metrics, task: Task): void {
  if (!revokedNow) return;
  metrics.count('KeysRevoked');
  task.log.info('key.revoked', { keyId: key.id, keyOwnerId: key.ownerId, reason: key.revocationReason });
}
