/** Yields one operation at a time and gets its result, or `unknown` where the answer was lost. */
export type Process = Generator<string, string, string>;

/** What processes act on: a world, its operations and the promises about it. */
export interface System<World> {
  /** Changes the world and returns what the caller is told. An operation is atomic. */
  perform(operation: string, world: World): string;
  /** All results that an operation can have. */
  resultsOf(operation: string): readonly string[];
  isRead(operation: string): boolean;
  /** Whether the AWS SDK sends it again when the answer was lost. */
  isRetried(operation: string): boolean;
  /** Whether it always happens and is answered, because it is no call. */
  isCertain(operation: string): boolean;
  /** Whether it never changes the world again, given that it would change nothing now. */
  isOnce(operation: string, world: World): boolean;
  /** Equal worlds have equal text. */
  canonical(world: World): string;
  /** The promises that do not hold. `ended` has the IDs of the actors of a kind with an outcome. */
  broken(world: World, ended: (kind: string, outcome: string) => string[], isOver: boolean): string[];
}

export interface Actor {
  readonly kind: string;
  readonly id: string;
  readonly start: () => Process;
  /** Starts when the first actor with this ID has ended. */
  readonly after?: string | undefined;
  /** Starts only if that actor has ended so. */
  readonly ifItIs?: string | undefined;
  /** Starts again whenever it gives up, as a delivery that is not answered. */
  readonly restarts?: boolean;
}

export interface Scenario<World> {
  readonly world: World;
  readonly actors: readonly Actor[];
  /** How many answers may be lost, and how many processes may crash. */
  readonly faults: number;
  readonly crashes: number;
}

/** Where a process is: before an operation, or at its end. Points with the same future are one. */
interface Point {
  readonly number: number;
  readonly outcome?: string;
  readonly operation?: string;
  readonly next?: Readonly<Record<string, Point>>;
}

/** A world that can be reached, and where operations lead from it. */
interface Place<World> {
  readonly number: number;
  readonly world: World;
  /** An operation is spent if it has changed nothing and never will. */
  readonly effects: Map<string, { result: string; place: Place<World>; spent: boolean }>;
}

interface State<World> {
  readonly place: Place<World>;
  readonly points: readonly Point[];
  /** Operations whose callers got no answer. Each takes effect later, or never. */
  inFlight: readonly string[];
  readonly faults: number;
  readonly crashes: number;
}

/** What follows a state: how many schedules, how many of them break a promise, and the fewest moves to a broken one. */
type Future = { schedules: number; bad: number; distance: number };
type Move<World> = { what: string; next: State<World> };

/** Every schedule of a scenario: every order of its operations, with every placement of faults and crashes. */
export class Search<World> {
  readonly broken = new Set<string>();
  private readonly places = new Map<string, Place<World>>();
  private readonly points = new Map<string, Point>();
  readonly futures = new Map<string, Future>();
  private readonly starts: readonly Point[];
  private readonly gaveUp = this.pointOf('given up', { outcome: 'given up' });
  private readonly initial: State<World>;

  constructor(
    private readonly scenario: Scenario<World>,
    private readonly system: System<World>,
  ) {
    const { world, actors, faults, crashes } = scenario;
    this.starts = actors.map(({ start }) => this.pointAfter([], start));
    this.initial = { place: this.placeOf(world), points: this.starts, inFlight: [], faults, crashes };
  }

  explore({ ...state }: State<World> = this.initial): Future {
    state.inFlight = state.inFlight.filter((operation) => !this.effect(operation, state.place).spent);
    const key = keyOf(state);
    const known = this.futures.get(key);
    if (known) return known;
    const future = { schedules: 0, bad: 0, distance: Number.POSITIVE_INFINITY };
    for (const { next } of this.movesFrom(state)) {
      const { schedules, bad, distance } = this.explore(next);
      future.schedules += schedules;
      future.bad += bad;
      future.distance = Math.min(future.distance, distance + 1);
    }
    future.schedules ||= 1;
    const broken = this.brokenIn(state);
    for (const promise of broken) this.broken.add(promise);
    if (broken.length > 0) Object.assign(future, { bad: future.schedules, distance: 0 });
    this.futures.set(key, future);
    return future;
  }

  /** The shortest schedule that breaks a promise, in words. */
  shortestTrace(state = this.initial): string[] {
    const { bad, distance } = this.explore(state);
    if (bad === 0) return [];
    if (distance === 0) return this.brokenIn(state).map((promise) => `broken: ${promise}`);
    const move = this.movesFrom(state).find(({ next }) => this.explore(next).distance === distance - 1);
    return move ? [move.what, ...this.shortestTrace(move.next)] : [];
  }

  private movesFrom(state: State<World>): Move<World>[] {
    const { place, points, inFlight, faults, crashes } = state;
    const { actors } = this.scenario;
    const moves: Move<World>[] = inFlight.map((operation, index) => ({
      what: `late effect: ${operation}`,
      next: { ...state, place: this.effect(operation, place).place, inFlight: inFlight.toSpliced(index, 1) },
    }));
    for (const [index, { operation, next }] of points.entries()) {
      const { kind, id, after, ifItIs, restarts } = actors[index] as Actor;
      const outcome = points[actors.findIndex((actor) => actor.id === after)]?.outcome;
      if (!operation || (after && !outcome) || (ifItIs && outcome !== ifItIs)) continue;
      const end = restarts ? this.starts[index] : undefined;
      const goTo = (point = this.gaveUp) => points.with(index, point === this.gaveUp ? (end ?? point) : point);
      const move = (what: string, change: Partial<State<World>>) =>
        moves.push({ what: `${kind} ${id}: ${operation} -> ${what}`, next: { ...state, ...change } });
      const effect = this.effect(operation, place);
      const then = next?.[effect.result];
      if (!then) throw new Error(`${operation} has a result that is not declared: ${effect.result}`);
      move(effect.result, { place: effect.place, points: goTo(then) });
      if (this.system.isCertain(operation)) continue;
      const lost = { inFlight: this.system.isRead(operation) ? inFlight : [...inFlight, operation].sort() };
      if (faults > 0) move('no answer', { ...lost, faults: faults - 1, points: goTo(next.unknown) });
      if (faults > 0 && this.system.isRetried(operation))
        move('no answer, the SDK retries', { ...lost, faults: faults - 1 });
      if (crashes > 0) move('crash', { ...lost, crashes: crashes - 1, points: goTo() });
    }
    return moves;
  }

  private brokenIn({ place, points }: State<World>): string[] {
    const ended = (kind: string, outcome: string) =>
      this.scenario.actors.flatMap((actor, n) =>
        actor.kind === kind && points[n]?.outcome === outcome ? [actor.id] : [],
      );
    const isOver = points.every(({ operation }) => !operation);
    return this.system.broken(place.world, ended, isOver);
  }

  private effect(operation: string, from: Place<World>) {
    const known = from.effects.get(operation);
    if (known) return known;
    const world = structuredClone(from.world);
    const result = this.system.perform(operation, world);
    const place = this.placeOf(world);
    const effect = { result, place, spent: place === from && this.system.isOnce(operation, from.world) };
    from.effects.set(operation, effect);
    return effect;
  }

  private placeOf(world: World): Place<World> {
    const key = this.system.canonical(world);
    const place: Place<World> = this.places.get(key) ?? { number: this.places.size, world, effects: new Map() };
    this.places.set(key, place);
    return place;
  }

  /** The point that a process comes to by these results. */
  private pointAfter(results: readonly string[], start: Actor['start']): Point {
    const process = start();
    let step = process.next();
    for (const result of results) step = process.next(result);
    if (step.done) return this.pointOf(step.value, { outcome: step.value });
    const operation = step.value;
    const leads = [...this.system.resultsOf(operation), 'unknown'].map(
      (result) => [result, this.pointAfter([...results, result], start)] as const,
    );
    const key = leads.map(([result, { number }]) => `${result}=${number}`).join();
    return this.pointOf(`${operation}: ${key}`, { operation, next: Object.fromEntries(leads) });
  }

  private pointOf(key: string, point: Omit<Point, 'number'>): Point {
    const known = this.points.get(key) ?? { ...point, number: this.points.size };
    this.points.set(key, known);
    return known;
  }
}

/** Explores a scenario and prints how much that was. */
export function explored<World>(name: string, scenario: Scenario<World>, system: System<World>): Search<World> {
  const search = new Search(scenario, system);
  const { schedules, bad } = search.explore();
  const counted = [schedules, bad, search.futures.size].map((count) => count.toLocaleString('en'));
  process.stdout.write(`${name}: ${counted[0]} schedules, ${counted[1]} of them bad, by ${counted[2]} states\n`);
  return search;
}

const keyOf = <World>({ place, points, inFlight, faults, crashes }: State<World>) =>
  `${place.number} ${faults}${crashes} ${points.map(({ number }) => number)} ${inFlight}`;
