import { Automaton, type Point } from './automaton';
import type { Guards } from './guards';
import { brokenPromises, nameIsReachable, type PromiseName, promises } from './promises';
import type { Outcome, Process } from './protocol';
import { canonical, isOnce, type Operation, perform, type World } from './world';

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

/** A world that can be reached, and what is known of it. */
interface Place {
  readonly number: number;
  readonly world: World;
  /** Where an operation leads. It is spent if it has changed nothing and never will. */
  readonly effects: Map<Operation, { result: string; place: Place; spent: boolean }>;
  readonly counts: Map<string, Count>;
  nameIsReachable?: boolean;
}

interface State {
  readonly place: Place;
  readonly points: readonly Point[];
  /** Operations whose callers got no answer. Each takes effect later, or never. */
  readonly inFlight: readonly Operation[];
  readonly faults: number;
  readonly crashes: number;
}

type Count = { schedules: number; bad: number };
/** What happens, in words, and where it leads. */
type Move = { say: () => string; next: State };

/** Every schedule of a scenario: every order of its operations, with every placement of faults and crashes. */
export class Search {
  readonly broken = new Set<PromiseName>();
  private readonly places = new Map<string, Place>();
  private readonly starts: readonly Point[];
  private readonly gaveUp: Point;
  private readonly initial: State;

  constructor(
    private readonly scenario: Scenario,
    private readonly guards: Guards,
  ) {
    const { world, actors, faults, crashes } = scenario;
    const ids = new Set([...world.entries, ...actors.map(({ id }) => id)].filter((id) => id !== ''));
    const automaton = new Automaton([...ids].sort());
    this.gaveUp = automaton.end('given up');
    this.starts = actors.map(({ start }) => automaton.pointAfter([], () => start(guards)));
    this.initial = { place: this.placeOf(world), points: this.starts, inFlight: [], faults, crashes };
  }

  get states(): number {
    return [...this.places.values()].reduce((sum, { counts }) => sum + counts.size, 0);
  }

  /** How many schedules begin here, and how many of them break a promise. */
  count(state = this.initial): Count {
    const { counts } = state.place;
    const key = keyOf(state);
    const known = counts.get(key);
    if (known) return known;
    const sum = { schedules: 0, bad: 0 };
    for (const { next } of this.movesFrom(state)) {
      const { schedules, bad } = this.count(this.withoutSpent(next));
      sum.schedules += schedules;
      sum.bad += bad;
    }
    sum.schedules ||= 1;
    const broken = this.brokenIn(state);
    for (const promise of broken) this.broken.add(promise);
    if (broken.length > 0) sum.bad = sum.schedules;
    counts.set(key, sum);
    return sum;
  }

  /** The shortest schedule that breaks a promise, in words. */
  shortestTrace(): string[] {
    const seen = new Set<string>();
    const queue: { state: State; trace: () => string[] }[] = [{ state: this.initial, trace: () => [] }];
    for (const { state, trace } of queue) {
      const broken = this.brokenIn(state);
      if (broken.length > 0) return [...trace(), ...broken.map((promise) => `broken: ${promises[promise]}`)];
      for (const { next, say } of this.movesFrom(state)) {
        const key = `${next.place.number} ${keyOf(next)}`;
        if (!seen.has(key)) queue.push({ state: next, trace: () => [...trace(), say()] });
        seen.add(key);
      }
    }
    return [];
  }

  private movesFrom(state: State): Move[] {
    const { place, points, inFlight, faults, crashes } = state;
    const { actors } = this.scenario;
    const moves: Move[] = inFlight.map((operation, index) => ({
      say: () => `late effect: ${operation}`,
      next: { ...state, place: this.effect(operation, place).place, inFlight: inFlight.toSpliced(index, 1) },
    }));
    for (const [index, { operation, isRead, isRetried, next }] of points.entries()) {
      const { kind, id, after } = actors[index] as Actor;
      const waits = after && !points[actors.findIndex((actor) => actor.id === after)]?.outcome;
      if (!operation || waits) continue;
      // Clerk delivers a deletion again when it has not been answered.
      const restart = kind === 'deletion' ? this.starts[index] : undefined;
      const goTo = (point = this.gaveUp) =>
        points.with(index, point === this.gaveUp ? (restart ?? point) : point);
      const say = (result: string) => () => `${kind} ${id}: ${operation} -> ${result}`;
      const effect = this.effect(operation, place);
      const then = next?.get(effect.result);
      if (!then)
        throw new Error(`${operation} has a result that world.ts does not declare: ${effect.result}`);
      moves.push({ say: say(effect.result), next: { ...state, place: effect.place, points: goTo(then) } });
      const lost = isRead ? inFlight : [...inFlight, operation].sort();
      if (faults > 0) {
        const failed = { ...state, inFlight: lost, faults: faults - 1 };
        moves.push({ say: say('no answer'), next: { ...failed, points: goTo(next?.get('unknown')) } });
        if (isRetried) moves.push({ say: say('no answer, the SDK tries again'), next: failed });
      }
      if (crashes > 0)
        moves.push({
          say: say('crash'),
          next: { ...state, inFlight: lost, crashes: crashes - 1, points: goTo() },
        });
    }
    return moves;
  }

  private withoutSpent(state: State): State {
    const inFlight = state.inFlight.filter((operation) => !this.effect(operation, state.place).spent);
    return inFlight.length < state.inFlight.length ? { ...state, inFlight } : state;
  }

  private brokenIn({ place, points }: State): PromiseName[] {
    const ended = (kind: Actor['kind'], outcome: Outcome) =>
      this.scenario.actors
        .filter((actor, index) => actor.kind === kind && points[index]?.outcome === outcome)
        .map(({ id }) => id);
    const broken = brokenPromises(place.world, {
      told: [...this.scenario.told, ...ended('creation', 'told')],
      revoked: ended('revocation', 'answered'),
      ownerDeleted: ended('deletion', 'answered').length > 0,
    });
    if (points.some(({ operation }) => operation)) return broken;
    place.nameIsReachable ??= nameIsReachable(place.world);
    return place.nameIsReachable ? broken : [...broken, 'name'];
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
    const fresh = { number: this.places.size, world, effects: new Map(), counts: new Map() };
    const place: Place = this.places.get(key) ?? fresh;
    this.places.set(key, place);
    return place;
  }
}

/** Equal for equal states in one place. */
function keyOf({ points, inFlight, faults, crashes }: State): string {
  let key = `${faults}${crashes}`;
  for (const { number } of points) key += ` ${number}`;
  for (const operation of inFlight) key += ` ${operation}`;
  return key;
}
