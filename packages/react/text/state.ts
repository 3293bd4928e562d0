import type { ListedKey } from '../types';

/** What a badge says about a key. */
export type KeyState = 'suspended' | 'disabled' | 'expired' | 'expiresSoon' | 'inGrace';

const soonMs = 7 * 86_400_000;

/** The states of a key that deserve a badge, the most important one first. @param now in ms since the epoch. */
export function statesOf({ suspended, enabled, expiresAt, previousSecret }: ListedKey, now: number): KeyState[] {
  const left = expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt) - now;
  const ended = previousSecret?.expiresAt ? Date.parse(previousSecret.expiresAt) <= now : false;
  const states: (KeyState | false)[] = [
    suspended === true && 'suspended',
    left <= 0 && 'expired',
    !enabled && 'disabled',
    left > 0 && left <= soonMs && 'expiresSoon',
    // The old secret of a key that is refused does not work either.
    Boolean(previousSecret) && !ended && left > 0 && enabled && !suspended && 'inGrace',
  ];
  return states.filter((state) => state !== false);
}

/** Whether the secret of the key can be replaced. */
export const canRotate = ({ expiresAt }: ListedKey, now: number): boolean =>
  expiresAt === null || Date.parse(expiresAt) > now;
