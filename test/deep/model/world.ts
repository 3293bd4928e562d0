import { setTimeout as wait } from 'node:timers/promises';
import { userDeleted } from '../../../local/clerk/webhooks';
import { type Answer, type ApiCaller, apiCaller } from '../../support/api-caller';
import { type ApiHarness, newUser } from '../../support/api-harness';
import { type Fault, type FaultyProxy, startFaultyProxy } from '../../support/faulty-proxy';
import type { Request } from './model';
import { atOnce, type PlannedFault, parts } from './sequences';

/** How long Lambda says a request has that is going to hang: its margin of a second, and a little. In ms. */
const shortMs = 1_300;

type Part = (typeof parts)[number];

/** Where the function looks for each part, and an address there that nobody listens at. */
const endpoints = {
  clerk: 'CLERK_API_URL',
  dynamodb: 'AWS_ENDPOINT_URL_DYNAMODB',
  secretsManager: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
} as const;
const nowhere = 'http://127.0.0.1:1';

/** From when on, in ms, a request took so long that the machine, not the service, may be to blame for a 503. */
const slowMs = 400;

/** What a request came to: no answer when its process was killed. */
export interface Outcome {
  readonly answer: Answer | undefined;
  readonly slow: boolean;
}

/** One process of the function: its handler, and the network that it alone uses. */
interface Process {
  readonly calls: ApiCaller;
  readonly network: Readonly<Record<Part, FaultyProxy>>;
  alive: boolean;
  close(): Promise<void>;
}

/** Users of their own, and processes of the function that serve them. Several worlds share a table and a Clerk. */
export class World {
  readonly users = [newUser(), newUser()];
  private readonly tokens: string[];
  private readonly processes: Process[] = [];

  constructor(readonly api: ApiHarness) {
    this.tokens = this.users.map((user) => api.sessions.sign(user, 600));
  }

  /** Runs a request in process `n`, with its fault. */
  async run({ step, key }: Request, n: number): Promise<Outcome> {
    const { fault } = step;
    if (step.cold || fault?.kind === 'refused') await this.end(n);
    const process = await this.process(n, fault?.kind === 'refused' ? fault.part : undefined);
    if (fault && fault.kind !== 'refused') plan(process, fault, fault.kind);
    const ms = fault?.kind.startsWith('hang') ? shortMs : undefined;
    const startedAt = performance.now();
    const answer = await this.call(process.calls, { step, key }, ms);
    const slow = performance.now() - startedAt > slowMs;
    const { alive } = process;
    for (const part of parts) process.network[part].reset();
    if (!alive || fault?.kind === 'refused') await this.end(n);
    return { answer: alive ? answer : undefined, slow };
  }

  private async call(
    calls: ApiCaller,
    { step, key }: Pick<Request, 'step' | 'key'>,
    remainingMs: number | undefined,
  ): Promise<Answer> {
    const token = this.tokens[step.user] ?? '';
    switch (step.does) {
      case 'create':
        return await calls.create(`Key ${step.name}`, { token, remainingMs });
      case 'list':
        return await calls.list(token, remainingMs);
      case 'revoke':
        return await calls.revoke(key?.id ?? '5d2cb4a1-55c6-4d3a-8f8e-0a40e6ac4d1f', token, remainingMs);
      case 'whoami':
        return await calls.whoami(step.altered ? alter(key?.secret) : key?.secret, remainingMs);
      case 'delete user': {
        const user = this.users[step.user] ?? '';
        this.api.apiKeys.deleteSubject(user);
        return await calls.deliver(userDeleted(user), undefined, remainingMs);
      }
    }
  }

  /**
   * Process `n`, which runs until it is killed.
   * @param refusing the part that takes no connection of a process that starts now.
   */
  private async process(n: number, refusing?: Part): Promise<Process> {
    this.processes[n] ??= await startProcess(this.api, refusing && { [endpoints[refusing]]: nowhere });
    return this.processes[n];
  }

  private async end(n: number): Promise<void> {
    await this.processes[n]?.close();
    delete this.processes[n];
  }

  /** ApiCaller a minute later, when no request of before can live any more. */
  async later(): Promise<ApiCaller & { close(): Promise<void> }> {
    await wait(2);
    const process = await startProcess(this.api, { ORPHAN_AGE_SECONDS: '0.001' });
    return { ...process.calls, close: process.close };
  }

  tokenOf = (user: number) => this.tokens[user] ?? '';

  async close(): Promise<void> {
    for (let n = 0; n < atOnce; n += 1) await this.end(n);
  }
}

function plan(process: Process, { part, after, times }: PlannedFault, kind: FaultKind): void {
  process.network[part].fail(/./, faultOf(kind, part, process), times, after);
}

async function startProcess(api: ApiHarness, overrides: Record<string, string> = {}): Promise<Process> {
  const [clerk, dynamodb, secretsManager] = await Promise.all([
    startFaultyProxy(api.behind.clerk),
    startFaultyProxy(api.behind.dynamodb),
    startFaultyProxy(api.behind.secretsManager),
  ]);
  api.coldStart({
    CLERK_API_URL: clerk.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    KEY_REQUESTS_PER_MINUTE: '1000000',
    ...overrides,
  });
  const network = { clerk, dynamodb, secretsManager };
  return {
    calls: apiCaller(api.handler, api.usable),
    network,
    alive: true,
    close: async () => {
      await Promise.allSettled(Object.values(network).map((proxy) => proxy.close()));
    },
  };
}

type FaultKind = Exclude<PlannedFault['kind'], 'refused'>;

function faultOf(kind: FaultKind, part: Part, process: Process): Fault {
  const effect = kind.endsWith('after');
  switch (kind) {
    case 'reset before':
    case 'reset after':
      return { kind: 'reset', effect };
    case 'hang before':
    case 'hang after':
      return { kind: 'hang', effect };
    case 'truncated':
      return { kind: 'truncate' };
    case 'odd content type':
      return { kind: 'content-type', value: 'application/json; charset=utf-8' };
    case '429':
      return part === 'clerk' ? refusal(429, false) : refusal(400, false, 'ThrottlingException');
    case 'no access':
      return part === 'dynamodb' ? refusal(400, false, 'AccessDeniedException') : refusal(503, false);
    case '500 before':
    case '500 after':
      return refusal(500, effect, 'InternalServerError');
    case 'killed before':
    case 'killed after':
      return { kind: 'die', effect, die: () => kill(process) };
  }
}

/** From here on nothing that the process does reaches anybody, as if it had been killed. */
function kill(process: Process): void {
  process.alive = false;
  for (const part of parts) {
    process.network[part].reset();
    process.network[part].fail(/./, { kind: 'reset', effect: false }, Number.POSITIVE_INFINITY);
  }
}

const refusal = (status: number, effect: boolean, type = ''): Fault => ({
  kind: 'answer',
  status,
  effect,
  body: { __type: type, message: 'no', errors: [{ message: 'no', long_message: 'no', code: 'no' }] },
});

/** Another secret of the same form: its last digit of randomness changed, which its checksum shows. */
const alter = (secret = '') => secret.replace(/.(?=.{6}$)/, (digit) => (digit === 'a' ? 'b' : 'a'));
