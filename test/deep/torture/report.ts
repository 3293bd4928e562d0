import type { Breach, Memory } from './judgement';
import { fateOf, type Ledger } from './ledger';
import type { Survey } from './survey';
import type { Tally } from './tally';

/** How many breaches of one promise are printed. */
const mostShown = 10;

/** One line a call, one column an outcome. */
export function callTable(tally: Tally): string {
  const rows = [
    ['', 'sent', ...tally.outcomes.map(String)],
    ...tally.calls.map((call) => [
      call,
      ...[tally.sent(call), ...tally.outcomes.map((outcome) => tally.of(call, outcome))].map(String),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) => row.map((cell, at) => (at ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[0] ?? 0))))
    .map((row) => `  ${row.join('  ')}`)
    .join('\n');
}

/** What became of every key. */
export function keyTable({ keys }: Ledger, { verified, lists, untoldRevoked }: Survey): string {
  const outcomes = keys.map((key) => ({ fate: fateOf(key), outcome: verified.get(key.id)?.outcome }));
  const count = (fate: string, ...wanted: unknown[]) =>
    outcomes.filter((key) => key.fate === fate && wanted.includes(key.outcome)).length;
  const listed = [...lists.values()].reduce((sum, list) => sum + list.length, 0);
  const rows: [string, number][] = [
    ['secrets told', keys.length],
    ['  good', count('active', 200)],
    ['  good and at their limit (429)', count('active', 429)],
    ['  revoked, and refused', count('revoked', 401)],
    ['  revocation got no answer: good', count('unsure', 200, 429)],
    ['  revocation got no answer: refused', count('unsure', 401)],
    ['records listed', listed],
    ['  whose creation got no answer', untoldRevoked.size],
  ];
  return rows.map(([what, number]) => `  ${what.padEnd(36)}${String(number).padStart(7)}`).join('\n');
}

export function memoryLine({ early, late }: Memory, seconds: number): string {
  const growth = (late / early).toFixed(2);
  return `  ${early.toFixed(0)} MB after the first tenth of the last ${seconds.toFixed(0)} s, ${late.toFixed(0)} MB at their end: ${growth} times`;
}

/** Every promise that was broken, with the first cases of it. */
export function breachLines(breaches: readonly Breach[]): string {
  const byPromise = new Map<string, string[]>();
  for (const { promise, what } of breaches) byPromise.set(promise, [...(byPromise.get(promise) ?? []), what]);
  return [...byPromise]
    .map(([promise, cases]) => {
      const more = cases.length > mostShown ? [`and ${cases.length - mostShown} more`] : [];
      return [`Broken: ${promise}`, ...cases.slice(0, mostShown), ...more].join('\n  ');
    })
    .join('\n');
}
