import type { Breach, Memory, Survey } from './judgement';
import type { Ledger } from './ledger';
import { Tally } from './tally';

const maxShown = 10;

export function keyLines({ keys }: Ledger, { verified, lists, untoldRevoked }: Survey): string {
  const tally = new Tally();
  for (const key of keys) tally.count(key.state, verified.get(key.id)?.outcome ?? 'broken off');
  const listed = [...lists.values()].reduce((sum, list) => sum + list.length, 0);
  return [
    `  secrets told ${keys.length}, by state and answer:`,
    tally.lines(),
    `  keys listed ${listed}, of which ${untoldRevoked.size} had a creation without an answer`,
  ].join('\n');
}

export function memoryLine({ early, late }: Memory, seconds: number): string {
  const growth = (late / early).toFixed(2);
  return `  ${early.toFixed(0)} MB after the first tenth of the last ${seconds.toFixed(0)} s, ${late.toFixed(0)} MB at their end: ${growth} times`;
}

export function breachLines(breaches: readonly Breach[]): string {
  const promises = [...new Set(breaches.map(({ promise }) => promise))];
  return promises
    .map((promise) => {
      const cases = breaches.filter((breach) => breach.promise === promise).map(({ what }) => what);
      const more = cases.length > maxShown ? [`and ${cases.length - maxShown} more`] : [];
      return [`Broken: ${promise}`, ...cases.slice(0, maxShown), ...more].join('\n  ');
    })
    .join('\n');
}
