import { setTimeout as wait } from 'node:timers/promises';
import { userDeleted } from '../../../local/clerk/webhooks';
import { type Answer, type ApiCaller, apiCaller } from '../../support/api-caller';
import { type ApiHarness, newUser } from '../../support/api-harness';
import type { Fault, FaultyProxy } from '../../support/faulty-proxy';
import type { Request } from './model';
import { endpointOf, type Network, nowhere, type Part, startNetwork } from './network';
import { type PlannedFault, parts } from './sequences';

/** The time that Lambda gives a request that will hang: its margin of a second and a little more. In ms. */
const shortMs = 1_300;

/** How long an answer is held back at most, in ms: less than the function waits for it. */
const lateMs = { clerk: 4_000, dynamodb: 700, secretsManager: 700 };

/** From when on, in ms, a request is so slow that a busy machine may be the reason for a 503. */
const slowMs = 400;

/** A key that was never created. */
const unknownId = '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f';

/** How a request ended: without an answer when its process was killed. */
export interface Outcome {
  readonly answer: Answer | undefined;
  readonly slow: boolean;
}

/** One process of the function: its handler, and a network of its own. */
interface Process {
  readonly calls: ApiCaller;
  readonly network: Network;
  alive: boolean;
}

/** Users, and processes of the function that serve them. Several worlds share the tables and Clerk. */
export class World {
  readonly users = [newUser(), newUser()];
  private readonly tokens: string[];
  private readonly processes: (Process | undefined)[] = [];

  constructor(readonly api: ApiHarness) {
    this.tokens = this.users.map((user) => api.sessions.sign(user, 600));
  }

  /** Runs a request in process `n`, with its fault. @param others the end of the other requests of the round. */
  async run(request: Request, n: number, others?: () => Promise<unknown>): Promise<Outcome> {
    const { cold, fault } = request.step;
    const refusing = fault?.kind === 'refused' ? fault.part : undefined;
    if (cold || refusing) await this.end(n);
    const process = await this.process(n, refusing);
    const { network } = process;
    if (fault?.kind === 'late') delay(network[fault.part], fault, others);
    else if (fault && !refusing) network[fault.part].fail(/./, faultOf(fault, process), fault.times, fault.skip);
    const startedAt = performance.now();
    const answer = await this.call(process.calls, request, fault?.kind.startsWith('hang') ? shortMs : undefined);
    const slow = performance.now() - startedAt > slowMs;
    const { alive } = process;
    network.reset();
    if (!alive || refusing) await this.end(n);
    return { answer: alive ? answer : undefined, slow };
  }

  private async call(calls: ApiCaller, { step, key }: Request, remainingMs?: number): Promise<Answer> {
    const token = this.tokenOf(step.user);
    switch (step.does) {
      case 'create':
        return await calls.create(`Key ${step.name}`, { token, remainingMs });
      case 'list': {
        const { limit, after } = step;
        const isPlain = limit === undefined && after === undefined;
        const input = { limit, ...(after !== undefined && { after: key?.id ?? unknownId }) };
        return await calls.list(token, remainingMs, isPlain ? undefined : input);
      }
      case 'get':
        return await calls.get(key?.id ?? unknownId, token);
      case 'revoke':
        return await calls.revoke(key?.id ?? unknownId, token, remainingMs);
      case 'whoami':
        return await calls.whoami(step.altered ? alter(key?.secret) : key?.secret, remainingMs);
      case 'delete user': {
        const user = this.users[step.user] ?? '';
        if (!step.lag) this.api.apiKeys.deleteSubject(user);
        return await calls.deliver(userDeleted(user), undefined, remainingMs);
      }
    }
  }

  /** Process `n`, started if it does not run. @param refusing the part that accepts no connection from it. */
  private async process(n: number, refusing?: Part): Promise<Process> {
    const process =
      this.processes[n] ?? (await startProcess(this.api, refusing && { [endpointOf[refusing]]: nowhere }));
    this.processes[n] = process;
    return process;
  }

  private async end(n: number): Promise<void> {
    await this.processes[n]?.network.close();
    this.processes[n] = undefined;
  }

  /** A process that runs when no request of before can still be running. */
  async later(): Promise<ApiCaller & { close(): Promise<void> }> {
    await wait(2);
    const { calls, network } = await startProcess(this.api, { ORPHAN_AGE_SECONDS: '0.001' });
    return { ...calls, close: network.close };
  }

  tokenOf = (user: number) => this.tokens[user] ?? '';

  async close(): Promise<void> {
    for (const n of this.processes.keys()) await this.end(n);
  }
}

async function startProcess(api: ApiHarness, overrides: Record<string, string> = {}): Promise<Process> {
  const network = await startNetwork(api.behind);
  api.coldStart({ ...network.environment, KEY_REQUESTS_PER_MINUTE: '1000000', ...overrides });
  return { calls: apiCaller(api.handler, api.usable), network, alive: true };
}

function faultOf({ kind, part }: PlannedFault, process: Process): Fault {
  const effect = kind.endsWith('after');
  if (kind.startsWith('reset')) return { kind: 'reset', effect };
  if (kind.startsWith('hang')) return { kind: 'hang', effect };
  if (kind.startsWith('killed')) return { kind: 'die', effect, die: () => kill(process) };
  if (kind.startsWith('500')) return refusal(500, effect, 'InternalServerError');
  if (kind === 'truncated') return { kind: 'truncate' };
  if (kind === 'odd content type') return { kind: 'content-type', value: 'application/json; charset=utf-8' };
  if (part !== 'dynamodb') return refusal(kind === '429' && part === 'clerk' ? 429 : 503);
  return refusal(400, false, kind === '429' ? 'ThrottlingException' : 'AccessDeniedException');
}

/** Holds back the answer to a call until the others have ended. */
function delay(proxy: FaultyProxy, { part, skip }: PlannedFault, others?: () => Promise<unknown>): void {
  for (let n = 0; n < skip; n += 1) proxy.afterEffectOf(/./, () => {});
  proxy.afterEffectOf(/./, async () => {
    await Promise.race([others?.(), wait(lateMs[part])]);
  });
}

/** From here on nothing that the process does has an effect, as if it had been killed. */
function kill(process: Process): void {
  process.alive = false;
  process.network.reset();
  for (const part of parts) {
    process.network[part].fail(/./, { kind: 'reset', effect: false }, Number.POSITIVE_INFINITY);
  }
}

const refusal = (status: number, effect = false, type = ''): Fault => ({
  kind: 'answer',
  status,
  effect,
  body: { __type: type, message: 'no', errors: [{ message: 'no', long_message: 'no', code: 'no' }] },
});

/** Another secret of the same form: its last random digit is changed, and its checksum is not. */
const alter = (secret = '') => secret.replace(/.(?=.{6}$)/, (digit) => (digit === 'a' ? 'b' : 'a'));
