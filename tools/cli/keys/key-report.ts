import type { KeyItem, StoredKey } from '../../../lambda/keys/repository/items';
import { viewOf } from '../../../lambda/keys/repository/key-view';
import type { UseItem } from '../../../lambda/keys/repository/use-item';
import { problemOf } from '../../../lambda/keys/state';

/** What an operator sees of a key: never a digest. */
export type KeyReport = ReturnType<typeof reportOf>;

/** @param uses of the key, by Region. */
export function reportOf(key: KeyItem, uses: readonly UseItem[] | undefined) {
  const now = Date.now();
  const { previousSecret, ...view } = viewOf(key, uses);
  return {
    state: problemOf(key, now) ?? ('active' as const),
    ownerId: key.ownerId,
    ...view,
    revocationReason: key.revocationReason ?? null,
    pendingAtClerk: key.clerkPending === true,
    previousSecretUntil: previousSecret ? (previousSecret.expiresAt ?? key.previousUntil ?? null) : null,
  };
}

/** Whether a key is stored under its ID. If not, its creation was given up. */
export const isKey = (stored: StoredKey | undefined): stored is KeyItem => stored?.secretDigest !== undefined;

const columns = ['id', 'state', 'name', 'hint', 'createdAt', 'lastUsedAt', 'expiresAt'] as const;

/** A line per key, for people. */
export function keyTable(keys: readonly KeyReport[]): string {
  const rows = [[...columns], ...keys.map((key) => columns.map((column) => String(key[column] ?? '—')))];
  return aligned(rows);
}

/** A line per member, for people. */
export const memberTable = (members: object): string =>
  aligned(Object.entries(members).map(([name, value]) => [name, shown(value)]));

const shown = (value: unknown): string => {
  if (value === null || value === undefined) return '—';
  const text = Array.isArray(value) ? value.join(' ') || '—' : String(value);
  // A description can have several lines.
  return text.replaceAll('\n', '\\n');
};

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
