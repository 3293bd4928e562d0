import type { Outcome } from './ledger';

export class Tally {
  private readonly counts = new Map<string, Map<Outcome, number>>();

  count(call: string, outcome: Outcome): void {
    const ofCall = this.counts.get(call) ?? new Map<Outcome, number>();
    this.counts.set(call, ofCall.set(outcome, (ofCall.get(outcome) ?? 0) + 1));
  }

  entries(): [call: string, outcome: Outcome, count: number][] {
    return [...this.counts].flatMap(([call, ofCall]) =>
      [...ofCall].map(([outcome, count]): [string, Outcome, number] => [call, outcome, count]),
    );
  }

  /** One line per call: `create 120: 200 × 100, 503 × 20`. */
  lines(): string {
    const lines = [...this.counts].map(([call, ofCall]) => {
      const sent = [...ofCall.values()].reduce((sum, count) => sum + count, 0);
      const outcomes = [...ofCall].map(([outcome, count]) => `${outcome} × ${count}`).sort();
      return `  ${call} ${sent}: ${outcomes.join(', ')}`;
    });
    return lines.sort().join('\n');
  }
}
