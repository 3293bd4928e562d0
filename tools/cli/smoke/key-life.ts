import type { Check } from './check';
import { expectStatus } from './expectations';
import {
  createdKey,
  expectHolder,
  expectListed,
  expectSuccess,
  expectUsage,
  expectView,
  type Key,
  rotatedKey,
} from './key-answers';
import type { KeyService } from './key-service';
import type { NewKey } from './new-key';
import type { SessionToken } from './session-token';
import type { TrialKey } from './trial-key';

export interface KeyLifeOptions {
  readonly service: KeyService;
  readonly session: SessionToken;
  readonly trial: TrialKey;
  /** Scopes that the stage has. */
  readonly scopes: readonly string[];
  /** How long a list may be out of date, in ms. */
  readonly patienceMs: number;
}

/** If a key is left behind, it expires soon. */
export const lifetimeMs = 3_600_000;
const gracePeriodSeconds = 300;
/** No stage has it. */
const unknownScope = `smoke:${'unknown'.repeat(5)}`;

/** The whole life of a key. Each step relies on the steps before it. */
export function keyChecks(options: KeyLifeOptions): Check[] {
  const { service, session, trial, scopes, patienceMs } = options;
  const expiresAt = new Date(Date.now() + lifetimeMs).toISOString();
  const wanted: NewKey = { name: trial.name, description: 'Created by npm run smoke', scopes, expiresAt };
  let key: Key;
  let previous: Key;
  const expectRefused = async ({ secret }: Key) => expectStatus(await service.whoami(secret), 401, 'UNAUTHORIZED');
  const expectAccepted = async (holder: Key) => expectHolder(await service.whoami(holder.secret), holder);
  const rotate = async (seconds: number) => {
    previous = key;
    key = rotatedKey(await service.rotate(key.id, seconds), key, seconds);
  };
  const update = async (changed: Partial<Pick<Key, 'description' | 'scopes' | 'enabled'>>) => {
    key = { ...key, ...changed };
    expectView(await service.update(key.id, changed), key);
  };
  const checks: [title: string, run: () => Promise<void>][] = [
    [
      'keys.create creates a key',
      async () => {
        key = createdKey(await trial.create(wanted), wanted, session.userId, null);
      },
    ],
    ['keys.whoami identifies its owner', () => expectAccepted(key)],
    ['keys.list shows it, without its secret', () => expectListed(() => service.list(), key, true, patienceMs)],
    ['keys.get shows it, without its secret', async () => expectView(await service.get(key.id), key)],
    [
      'keys.create refuses a second key of its name',
      async () => expectStatus(await trial.create(wanted), 409, 'CONFLICT'),
    ],
    [
      'keys.create refuses a scope that the stage does not have',
      async () => expectStatus(await trial.create({ ...wanted, scopes: [unknownScope] }), 400, 'BAD_REQUEST'),
    ],
    ['keys.rotate gives it a new secret, with a grace period', () => rotate(gracePeriodSeconds)],
    [
      'keys.whoami accepts both secrets',
      async () => {
        await expectAccepted(key);
        await expectAccepted(previous);
      },
    ],
    [
      'keys.revokeSelf with the previous secret ends only that one',
      async () => {
        expectSuccess(await service.revokeSelf(previous.secret));
        await expectRefused(previous);
        await expectAccepted(key);
      },
    ],
    [
      'keys.rotate without a grace period ends the previous secret at once',
      async () => {
        await rotate(0);
        await expectRefused(previous);
      },
    ],
    [
      'keys.update disables it, and whoami refuses it at once',
      async () => {
        await update({ enabled: false });
        await expectRefused(key);
      },
    ],
    [
      'keys.update enables it again, with another description and no scopes',
      async () => {
        await update({ enabled: true, description: 'Enabled again', scopes: [] });
        await expectAccepted(key);
      },
    ],
    ['keys.usage counts its uses', async () => expectUsage(await service.usage(key.id))],
    ['keys.revoke revokes it', async () => expectSuccess(await trial.revoke(key.id))],
    ['keys.revoke succeeds again', async () => expectSuccess(await trial.revoke(key.id))],
    ['keys.revokeSelf succeeds too', async () => expectSuccess(await service.revokeSelf(key.secret))],
    ['keys.whoami refuses it at once', () => expectRefused(key)],
    ['keys.get shows that it is revoked', async () => expectView(await service.get(key.id), key, true)],
    ['keys.list no longer shows it', () => expectListed(() => service.list(), key, false, patienceMs)],
  ];
  return checks.map(([title, run]) => ({ title, run }));
}
