import { useState } from 'react';
import type { ListedKey, RotatedKey } from '../types';
import { stored } from './stored';

/** The old secret is accepted at most this long after a rotation, in ms. */
const longestMs = 30 * 86_400_000;

interface Rotation {
  readonly previousSecret: RotatedKey['previousSecret'];
  /** In ms since the epoch. */
  readonly at: number;
}
type Rotations = Readonly<Record<string, Rotation>>;

const inTab = stored<Rotations>(() => sessionStorage, 'satori-keys.rotations');

/**
 * The rotations that were made in this tab. `keys.list` does not return them, so without these the list could not show
 * that an old secret still works.
 */
export function useRotations() {
  const [rotations, setRotations] = useState<Rotations>(() => inTab.read() ?? {});
  return {
    add: ({ id, previousSecret }: RotatedKey) => {
      const changed = { ...rotations, [id]: { previousSecret, at: Date.now() } };
      setRotations(changed);
      inTab.write(changed);
    },
    /** Adds what is known about the old secret. What the client returns has priority. */
    withPrevious: (key: ListedKey): ListedKey => {
      const { previousSecret, at = 0 } = rotations[key.id] ?? {};
      const known = previousSecret && previousSecret.gracePeriodSeconds > 0 && Date.now() < at + longestMs;
      return key.previousSecret === undefined && known ? { ...key, previousSecret } : key;
    },
  };
}
