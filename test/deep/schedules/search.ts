import { creation, list, type Outcome, type Process } from './protocol';
import {
  allGuards,
  canonical,
  type Guards,
  isOnce,
  isRead,
  isRetried,
  type Operation,
  perform,
  resultsOf,
  type World,
} from './world';

export interface Actor {
  readonly kind: 'creation' | 'revocation' | 'list' | 'deletion';
  /** The key's. */
  readonly id: string;
  readonly start: (guards: Guards) => Process;
  /** Starts when this creation has ended. */
  readonly after?: string;
}

export interface Scenario {
  readonly world: World;
  /** Keys whose secrets were told before. */
  readonly told: readonly string[];
  readonly actors: readonly Actor[];
  /** How many answers may be lost, and how many processes may crash. */
  readonly faults: number;
  readonly crashes: number;
}

/** Where a process is: before an operation, or at its end. Points with the same future are one. */
interface Point {
  readonly number: number;
  readonly outcome?: Outcome;
  readonly operation?: Operation;
  /** Where each result leads. */
  readonly next?: Readonly<Record<string, Point>>;
}

/** A world that can be reached, and where operations lead from it. */
interface Place {
  readonly number: number;
  readonly world: World;
  /** An operation is spent if it has changed nothing and never will. */
  readonly effects: Map<Operation, { result: string; place: Place; spent: boolean }>;
  nameIsReachable?: boolean;
}

interface State {
  readonly place: Place;
  readonly points: readonly Point[];
  /** Operations whose callers got no answer. Each takes effect later, or never. */
  inFlight: readonly Operation[];
  readonly faults: number;
  readonly crashes: number;
}

/** What follows a state: how many schedules, how many of them break a promise, and the fewest moves to a broken one. */
type Future = { schedules: number; bad: number; distance: number };
type Move = { what: string; next: State };

/** Every schedule of a scenario: every order of its operations, with every placement of faults and crashes. */
export class Search {
  readonly broken = new Set<string>();
  private readonly places = new Map<string, Place>();
  private readonly points = new Map<string, Point>();
  readonly futures = new Map<string, Future>();
  private readonly ids: readonly string[];
  private readonly starts: readonly Point[];
  private readonly gaveUp = this.pointOf('given up', { outcome: 'given up' });
  private readonly initial: State;

  constructor(
    private readonly scenario: Scenario,
    private readonly guards: Guards,
  ) {
    const { world, actors, faults, crashes } = scenario;
    this.ids = [...new Set([...world.entries, ...actors.map(({ id }) => id)])].filter((id) => id !== '').sort();
    this.starts = actors.map(({ start }) => this.pointAfter([], start));
    this.initial = { place: this.placeOf(world), points: this.starts, inFlight: [], faults, crashes };
  }

  explore({ ...state }: State = this.initial): Future {
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

  private movesFrom(state: State): Move[] {
    const { place, points, inFlight, faults, crashes } = state;
    const { actors } = this.scenario;
    const moves: Move[] = inFlight.map((operation, index) => ({
      what: `late effect: ${operation}`,
      next: { ...state, place: this.effect(operation, place).place, inFlight: inFlight.toSpliced(index, 1) },
    }));
    for (const [index, { operation, next }] of points.entries()) {
      const { kind, id, after } = actors[index] as Actor;
      const waits = after && !points[actors.findIndex((actor) => actor.id === after)]?.outcome;
      if (!operation || waits) continue;
      // Clerk delivers a deletion again when it has not been answered.
      const end = kind === 'deletion' ? this.starts[index] : undefined;
      const goTo = (point = this.gaveUp) => points.with(index, point === this.gaveUp ? (end ?? point) : point);
      const move = (what: string, change: Partial<State>) =>
        moves.push({ what: `${kind} ${id}: ${operation} -> ${what}`, next: { ...state, ...change } });
      const effect = this.effect(operation, place);
      const then = next?.[effect.result];
      if (!then) throw new Error(`${operation} has a result that world.ts does not declare: ${effect.result}`);
      move(effect.result, { place: effect.place, points: goTo(then) });
      const lost = { inFlight: isRead(operation) ? inFlight : [...inFlight, operation].sort() };
      if (faults > 0) move('no answer', { ...lost, faults: faults - 1, points: goTo(next.unknown) });
      if (faults > 0 && isRetried(operation)) move('no answer, the SDK retries', { ...lost, faults: faults - 1 });
      if (crashes > 0) move('crash', { ...lost, crashes: crashes - 1, points: goTo() });
    }
    return moves;
  }

  /** The promises that do not hold. A key verifies while its item is there and not revoked. */
  private brokenIn({ place, points }: State): string[] {
    const { keys, entries } = place.world;
    const ended = (kind: Actor['kind'], outcome: Outcome) =>
      this.scenario.actors.flatMap((actor, n) =>
        actor.kind === kind && points[n]?.outcome === outcome ? [actor.id] : [],
      );
    const told = [...this.scenario.told, ...ended('creation', 'told')];
    const isLive = (id: string) => keys[id] === 'live';
    const isListed = (id: string) => entries.includes(id);
    const isRevoked = (id: string) => keys[id] === 'pending' || keys[id] === 'revoked';
    const live = Object.keys(keys).filter(isLive);
    const isOver = points.every(({ operation }) => !operation);
    if (isOver) place.nameIsReachable ??= nameIsReachable(place.world);
    const holds = {
      'I1: a told key works and is listed, until revoked': told.every(
        (id) => isRevoked(id) || (isLive(id) && isListed(id)),
      ),
      'I2: a key that verifies is listed': live.every(isListed),
      'I3: at most one told key of a name verifies': told.filter(isLive).length <= 1,
      'I4: a key whose revocation was answered does not verify': ended('revocation', 'answered').every(
        (id) => !isLive(id),
      ),
      'I5: after an answered deletion no key verifies': !live.length || !ended('deletion', 'answered').length,
      'name: at the end, it can be used or its key is listed': !isOver || place.nameIsReachable,
    };
    return Object.entries(holds).flatMap(([promise, isKept]) => (isKept ? [] : [promise]));
  }

  private effect(operation: Operation, from: Place) {
    const known = from.effects.get(operation);
    if (known) return known;
    const world = structuredClone(from.world);
    const result = perform(operation, world, this.guards);
    const place = this.placeOf(world);
    const effect = { result, place, spent: place === from && isOnce(operation, this.guards) };
    from.effects.set(operation, effect);
    return effect;
  }

  private placeOf(world: World): Place {
    const key = canonical(world);
    const place: Place = this.places.get(key) ?? { number: this.places.size, world, effects: new Map() };
    this.places.set(key, place);
    return place;
  }

  /** The point that a process comes to by these results. */
  private pointAfter(results: readonly string[], start: Actor['start']): Point {
    const process = start(this.guards);
    let step = process.next();
    for (const result of results) step = process.next(result);
    if (step.done) return this.pointOf(step.value, { outcome: step.value });
    const operation = step.value;
    const leads = [...resultsOf(operation, this.ids), 'unknown'].map(
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

const keyOf = ({ place, points, inFlight, faults, crashes }: State) =>
  `${place.number} ${faults}${crashes} ${points.map(({ number }) => number)} ${inFlight}`;

/** Whether the owner sees the key that has the name or can create one, when all else has ended. */
function nameIsReachable(before: World): boolean {
  const world = structuredClone(before);
  const run = (process: Process) => {
    let step = process.next();
    while (!step.done) step = process.next(perform(step.value, world, allGuards));
    return step.value;
  };
  run(list(allGuards));
  const isListed = world.entries.some((id) => world.keys[id] === 'live');
  return world.ownerDeleted || isListed || run(creation('new', allGuards)) === 'told';
}
