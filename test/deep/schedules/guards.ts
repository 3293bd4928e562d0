/** What keeps the promises. The test leaves out one at a time. */
export const allGuards = {
  /** A key's put fails if there is an item. */
  conditionalPut: true,
  /** The entry is there before the key. */
  entryFirst: true,
  /** A creation looks for the owner's deletion after its entry is there. */
  ownerMark: true,
  /** Whoever gives up a key that may still be put makes its tombstone first. */
  tombstone: true,
  /** A tombstone never replaces a key. */
  tombstoneCondition: true,
};
export type Guards = typeof allGuards;
