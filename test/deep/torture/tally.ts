import type { Outcome } from './ledger';

/** How often which call ended how. */
export class Tally {
  private readonly counts = new Map<string, Map<Outcome, number>>();

  count(call: string, outcome: Outcome): void {
    const ofCall = this.counts.get(call) ?? new Map<Outcome, number>();
    ofCall.set(outcome, (ofCall.get(outcome) ?? 0) + 1);
    this.counts.set(call, ofCall);
  }

  get calls(): string[] {
    return [...this.counts.keys()].sort();
  }

  /** Statuses in their order, then what is none. */
  get outcomes(): Outcome[] {
    const seen = new Set([...this.counts.values()].flatMap((ofCall) => [...ofCall.keys()]));
    return [...seen].sort((a, b) => String(a).localeCompare(String(b)));
  }

  of(call: string, outcome: Outcome): number {
    return this.counts.get(call)?.get(outcome) ?? 0;
  }

  sent(call: string): number {
    return this.outcomes.reduce<number>((sum, outcome) => sum + this.of(call, outcome), 0);
  }
}
