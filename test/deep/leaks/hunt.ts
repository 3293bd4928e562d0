import { type ApiCaller, apiCaller } from '../../support/api-caller';
import { type ApiHarness, startApiHarness } from '../../support/api-harness';
import type { Setting } from '../attacks/attack';
import { requestEvent } from '../attacks/attack-event';
import { makeSetting } from '../attacks/setting';
import { Canaries, type Sighting } from './canaries';
import { type HuntedFunctions, startHuntedFunctions } from './hunted-functions';
import type { FunctionInstance } from './hunted-process';
import {
  type Exchange,
  noteCredentials,
  noteKeysMade,
  noteTold,
  plant,
  searchable,
  sightingsInTable,
} from './sensitive-values';

/** A canary where none may be. */
export interface Finding extends Sighting {
  readonly place: 'output' | 'answer' | 'item' | 'Clerk';
}

/** The functions in a process of their own, a canary in each sensitive value, and a record of all that they let out. */
export interface Hunt {
  readonly api: ApiHarness;
  readonly functions: HuntedFunctions;
  readonly canaries: Canaries;
  readonly exchanges: readonly Exchange[];
  /** Calls an instance of the API; without one, that which everybody shares. */
  caller(instance?: FunctionInstance, remainingMs?: number): ApiCaller;
  /** Invokes an instance of either function. */
  ask(instance: FunctionInstance, event: unknown, remainingMs?: number): Promise<unknown>;
  newSetting(): Promise<Setting>;
  /** Ends it all, and searches what was let out. */
  findings(): Promise<{ findings: Finding[]; output: string }>;
}

/** @param mutant as for {@link startHuntedFunctions}. */
export async function startHunt(folder: string, mutant?: string): Promise<Hunt> {
  const api = await startApiHarness();
  const canaries = new Canaries();
  const environment = { ...api.environment, ...plant(api, canaries), AWS_REGION: 'us-east-1' };
  const functions = startHuntedFunctions(folder, environment, mutant);
  const shared = functions.start('api');
  const exchanges: Exchange[] = [];
  const ask = async (instance: FunctionInstance, event: unknown, remainingMs = 25_000) => {
    noteCredentials(canaries, event);
    const exchange = { event, answer: await functions.invoke(instance, event, remainingMs) };
    noteTold(canaries, exchange);
    exchanges.push(exchange);
    return exchange.answer;
  };
  const caller = (instance = shared, remainingMs?: number) =>
    apiCaller(async (event) => (await ask(instance, event, remainingMs)) as object, api.usable);
  return {
    api,
    functions,
    canaries,
    exchanges,
    caller,
    ask,
    newSetting: () =>
      makeSetting((request) => caller().send(requestEvent(request)), {
        ...api.usable,
        sessions: api.sessions,
      }),
    findings: async () => {
      const { output, code } = await functions.stop();
      if (code !== 0) throw new Error(`The process ended with ${code}:\n${output}`);
      noteKeysMade(canaries, api);
      const told = new Set<string>();
      const found: Record<Finding['place'], Sighting[]> = {
        output: canaries.sightings(output),
        answer: exchanges.flatMap((exchange) => canaries.sightings(searchable(exchange, told))),
        item: await sightingsInTable(api, canaries),
        Clerk: canaries.sightings(api.clerk.calls.map(({ body }) => body).join('\n')),
      };
      await api.close();
      const findings = Object.entries(found).flatMap(([place, sightings]) =>
        sightings.map((sighting) => ({ place: place as Finding['place'], ...sighting })),
      );
      return { findings, output };
    },
  };
}
