import { type ApiCaller, apiCaller } from '../../support/api-caller';
import { type ApiHarness, startApiHarness } from '../../support/api-harness';
import type { Setting } from '../attacks/attack';
import { requestEvent } from '../attacks/event';
import { makeSetting, storeTombstone } from '../attacks/setting';
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
  sightingsInTables,
} from './sensitive-values';

/** The functions in a process of their own, a canary in each sensitive value, and a record of all their output. */
export interface Hunt {
  readonly api: ApiHarness;
  readonly functions: HuntedFunctions;
  readonly canaries: Canaries;
  readonly exchanges: readonly Exchange[];
  /** Calls an instance of the API, a shared one if none is given. */
  caller(instance?: FunctionInstance, remainingMs?: number): ApiCaller;
  /** Invokes an instance of either function. */
  ask(instance: FunctionInstance, event: unknown, remainingMs?: number): Promise<unknown>;
  newSetting(): Promise<Setting>;
  /** Stops the functions and searches all that they have let out: canaries where none is allowed. */
  findings(): Promise<{ findings: (Sighting & { readonly place: string })[]; output: string }>;
}

/** @param leak as for {@link startHuntedFunctions}. */
export async function startHunt(folder: string, leak?: string): Promise<Hunt> {
  const api = await startApiHarness();
  const canaries = new Canaries();
  const environment = { ...api.environment, ...plant(api, canaries) };
  const functions = startHuntedFunctions(folder, environment, leak);
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
    newSetting: async () => {
      const signing = { ...api.usable, sessions: api.sessions, scanning: api.scanning };
      const setting = await makeSetting((request) => caller().send(requestEvent(request)), signing);
      return { ...setting, tombstoneId: await storeTombstone(api) };
    },
    findings: async () => {
      const { output, code } = await functions.stop();
      if (code !== 0) throw new Error(`The process ended with ${code}:\n${output}`);
      noteKeysMade(canaries, api);
      const told = new Set<string>();
      const found = {
        output: canaries.sightings(output),
        answer: exchanges.flatMap((exchange) => canaries.sightings(searchable(exchange, told))),
        item: await sightingsInTables(api, canaries),
        Clerk: canaries.sightings(api.clerk.calls.map(({ body }) => body).join('\n')),
      };
      await api.close();
      const places = Object.entries(found);
      return { findings: places.flatMap(([place, all]) => all.map((each) => ({ place, ...each }))), output };
    },
  };
}
