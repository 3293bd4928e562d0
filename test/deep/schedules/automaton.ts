import type { Outcome, Process } from './protocol';
import { isClerks, isRead, type Operation, resultsOf } from './world';

/** Where a process is: before an operation, or at its end. */
export interface Point {
  readonly number: number;
  readonly outcome?: Outcome;
  readonly operation?: Operation;
  readonly isRead?: boolean;
  /** By the AWS SDK, when it has failed. */
  readonly isRetried?: boolean;
  /** Where each result leads. */
  readonly next?: ReadonlyMap<string, Point>;
}

/** The points of processes. Points with the same future are one, whatever led to them. */
export class Automaton {
  private readonly points = new Map<string, Point>();
  constructor(private readonly ids: readonly string[]) {}

  /** The point that a process comes to by these results. */
  pointAfter(results: readonly string[], start: () => Process): Point {
    const process = start();
    let step = process.next();
    for (const result of results) step = process.next(result);
    if (step.done) return this.end(step.value);
    const operation = step.value;
    const next = new Map<string, Point>();
    for (const result of [...resultsOf(operation, this.ids), 'unknown'])
      next.set(result, this.pointAfter([...results, result], start));
    const key = [...next].map(([result, { number }]) => `${result}=${number}`).join();
    const isRetried = !isRead(operation) && !isClerks(operation);
    return this.unique(`${operation}: ${key}`, { operation, isRead: isRead(operation), isRetried, next });
  }

  end(outcome: Outcome): Point {
    return this.unique(outcome, { outcome });
  }

  private unique(key: string, point: Omit<Point, 'number'>): Point {
    const known = this.points.get(key) ?? { ...point, number: this.points.size };
    this.points.set(key, known);
    return known;
  }
}
