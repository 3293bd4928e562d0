import type { ClerkKeyStates } from '../clerk/key-states';
import type { KeyItem } from '../keys/repository/items';
import type { KeyRepository } from '../keys/repository/key-repository';
import type { KeyRevoker } from '../keys/revoker';
import { isExpired } from '../keys/state';
import { isActive, type Page } from './page';
import type { Run } from './run';

/** The number of keys that may differ from Clerk in a sweep, if that is more than `maxShare` of those compared. */
const maxKeys = 20;
const maxShare = 0.01;

/**
 * Finds keys that were revoked only in Clerk, for example in its dashboard, and revokes them in the table. It revokes a
 * key only if Clerk answers `revoked: true` for a key of this installation, never for an error, an unknown key or an
 * expired one. It stops when too many keys differ, so a wrong secret key or an error of Clerk cannot end many keys.
 */
export class CompareTask {
  constructor(
    private readonly clerk: ClerkKeyStates,
    private readonly keys: KeyRepository,
    private readonly revoker: KeyRevoker,
  ) {}

  /** Compares the active keys of the page's entries, owner by owner. */
  async compare({ entries, ofEntries }: Page, run: Run): Promise<void> {
    const byOwner = new Map<string, KeyItem[]>();
    for (const { id, ownerId } of entries) {
      const key = ofEntries.get(id);
      if (isActive(key) && !isExpired(key, run.now)) byOwner.set(ownerId, [...(byOwner.get(ownerId) ?? []), key]);
    }
    const revoked: KeyItem[] = [];
    for (const [ownerId, keys] of byOwner) {
      if (run.progress.comparisonStopped) return;
      run.checkTime();
      revoked.push(...(await this.revokedAtClerk(ownerId, keys, run)));
    }
    await this.revokeHere(revoked, run);
  }

  private async revokedAtClerk(ownerId: string, keys: readonly KeyItem[], run: Run): Promise<KeyItem[]> {
    const valid = await this.clerk.validIds(ownerId, run);
    const found: KeyItem[] = [];
    run.progress.checked += keys.length;
    run.metrics.count('KeysCompared', keys.length);
    for (const key of keys.filter(({ clerkKeyId }) => !valid.has(clerkKeyId))) {
      run.checkTime();
      const state = await this.clerk.read(key.clerkKeyId, run);
      const isOurs = state?.claims?.deploymentId === (await this.keys.deploymentId(run.deadline));
      if (isOurs && state?.claims?.keyId === key.id) {
        if (state.revoked) found.push(key);
        continue;
      }
      run.progress.missingAtClerk += 1;
      run.metrics.count('KeysMissingAtClerk');
      run.log.warn('maintenance.missing-at-clerk', { keyId: key.id, clerkKeyId: key.clerkKeyId });
      if (isTooMany(run.progress.missingAtClerk, run)) {
        this.stop('missing', run);
        return [];
      }
    }
    return found;
  }

  private async revokeHere(found: readonly KeyItem[], run: Run): Promise<void> {
    if (found.length === 0) return;
    if (run.progress.comparisonStopped || isTooMany(run.progress.revokedAtClerk + found.length, run)) {
      this.stop('revoked', run);
      return;
    }
    for (const { id, clerkKeyId } of found) {
      run.checkTime();
      const { key, revokedNow } = await this.keys.markRevoked(id, { clerkKeyId }, run.deadline, 'clerk');
      if (!revokedNow) continue;
      run.progress.revokedAtClerk += 1;
      run.metrics.count('KeysRevokedAtClerk');
      run.metrics.count('KeysRevoked');
      run.log.info('key.revoked', { keyId: id, keyOwnerId: key.ownerId, reason: 'clerk' });
      await this.revoker.settle(key, run);
    }
  }

  private stop(differ: 'missing' | 'revoked', { progress, metrics, log }: Run): void {
    if (progress.comparisonStopped) return;
    progress.comparisonStopped = true;
    metrics.count('ComparisonsStopped');
    log.error('maintenance.comparison-stopped', { differ, checked: progress.checked });
  }
}

const isTooMany = (count: number, { progress }: Run) => count > Math.max(maxKeys, progress.checked * maxShare);
