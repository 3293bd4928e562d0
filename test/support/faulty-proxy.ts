import { type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type LoopbackServer, serve } from '../../local/loopback';

/** How a call can fail. `effect` says whether the server still receives and executes it. */
export type Fault =
  | { readonly kind: 'reset'; readonly effect: boolean }
  | { readonly kind: 'hang'; readonly effect: boolean }
  /** The connection is reset at once. The server executes the call after `until`. */
  | { readonly kind: 'late'; readonly until: Promise<void> }
  | { readonly kind: 'truncate' }
  /** The response starts and never ends. */
  | { readonly kind: 'stall' }
  | {
      readonly kind: 'answer';
      readonly effect?: boolean;
      readonly status: number;
      readonly body: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'content-type'; readonly value: string }
  | { readonly kind: 'alter'; alter(real: Received): Received | 'reset' }
  /** The calling process ends during this call. `die` ends it. */
  | { readonly kind: 'die'; readonly effect: boolean; die(): void };

/** The server's response. */
export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Call {
  /** `POST /api_keys`, or the target of an AWS call, `DynamoDB_20120810.PutItem`. */
  readonly operation: string;
  /** A shorter form with the kind of item, such as `PutItem entry`. `fail` and `afterEffectOf` match it. */
  readonly step: string;
  readonly body: string;
}

/** A proxy between a client and a server. It records the calls and makes some of them fail. */
export interface FaultyProxy extends LoopbackServer {
  readonly calls: Call[];
  /** The response bodies of the server, whether or not the client received them. */
  readonly answers: string[];
  /** The number of TCP connections so far. */
  connections(): number;
  /** Makes the next `times` matching calls fail, after `skip` matching calls have passed. Infinity: all calls. */
  fail(step: RegExp, fault: Fault, times?: number, skip?: number): void;
  /** Runs once, after the server has executed a matching call and before its response is sent on. */
  afterEffectOf(step: RegExp, action: () => void | Promise<void>): void;
  /** Each call waits for this function, and fails if it returns a fault. */
  gate: ((step: string) => Promise<Fault | undefined>) | undefined;
  /** Removes recorded calls, planned faults, actions and the gate. */
  reset(): void;
}

export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const calls: Call[] = [];
  const answers: string[] = [];
  let planned: { step: RegExp; fault: Fault; times: number; skip: number }[] = [];
  let actions: { step: RegExp; action: () => void | Promise<void> }[] = [];

  const sockets = new WeakSet<Socket>();
  let connections = 0;
  const server = await serve(async (request, response) => {
    if (!sockets.has(request.socket)) connections += 1;
    sockets.add(request.socket);
    const body = await buffer(request);
    const path = (request.url ?? '').split('?')[0];
    const operation = String(request.headers['x-amz-target'] ?? `${request.method} ${path}`);
    const step = stepOf(operation, body.toString());
    calls.push({ operation, step, body: body.toString() });
    const plan = planned.find((entry) => entry.step.test(step) && entry.times > 0);
    const passes = plan !== undefined && plan.skip > 0;
    if (passes) plan.skip -= 1;
    else if (plan) plan.times -= 1;
    const onEffect = async (answered: Buffer) => {
      answers.push(answered.toString());
      const index = actions.findIndex((entry) => entry.step.test(step));
      if (index >= 0) await actions.splice(index, 1)[0]?.action();
    };
    const fault = (await proxy.gate?.(step)) ?? (passes ? undefined : plan?.fault);
    await answer(target, request, body, response, fault, onEffect);
  });
  const proxy: FaultyProxy = {
    ...server,
    calls,
    answers,
    connections: () => connections,
    fail: (step, fault, times = 1, skip = 0) => planned.push({ step, fault, times, skip }),
    afterEffectOf: (step, action) => actions.push({ step, action }),
    reset: () => {
      calls.length = 0;
      answers.length = 0;
      planned = [];
      actions = [];
      proxy.gate = undefined;
    },
    gate: undefined,
  };
  return proxy;
}

/** The kinds of items, recognized by their primary keys in the body of a DynamoDB call. */
const kinds: [kind: string, primaryKey: RegExp][] = [
  ['key', /"pk":\{"S":"key#/],
  ['entry', /"sk":\{"S":"key#/],
  ['owner', /"S":"owner#/],
  ['service', /"pk":\{"S":"service"/],
  ['use', /"sk":\{"S":"use#/],
];

function stepOf(operation: string, body: string): string {
  const kind = operation.startsWith('DynamoDB') && kinds.find(([, primaryKey]) => primaryKey.test(body))?.[0];
  return kind ? `${operation.split('.')[1]} ${kind}` : operation;
}

async function answer(
  target: string,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  fault: Fault | undefined,
  onEffect: (answered: Buffer) => Promise<void>,
): Promise<void> {
  if (fault?.kind === 'late') {
    response.destroy();
    await fault.until;
  }
  const carriedOut = !fault || !('effect' in fault) || fault.effect !== false;
  const real =
    carriedOut && (fault?.kind !== 'answer' || fault.effect) ? await forward(target, request, body) : undefined;
  if (real) await onEffect(real.body);
  const altered = real && fault?.kind === 'alter' ? fault.alter(real) : undefined;
  if (fault?.kind === 'hang' || fault?.kind === 'late') return;
  if (fault?.kind === 'die') {
    fault.die();
    response.destroy();
    return;
  }
  if (fault?.kind === 'reset' || altered === 'reset') {
    response.destroy();
  } else if (fault?.kind === 'answer') {
    const text = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body);
    response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers }).end(text);
  } else if (real && (fault?.kind === 'truncate' || fault?.kind === 'stall')) {
    response.writeHead(real.status, { ...real.headers, 'content-length': String(real.body.length) });
    response.write(real.body.subarray(0, Math.floor(real.body.length / 2)), () => {
      if (fault.kind === 'truncate') response.destroy();
    });
  } else if (altered) {
    const headers = { ...altered.headers, 'content-length': String(altered.body.length) };
    response.writeHead(altered.status, headers).end(altered.body);
  } else if (real) {
    const headers = { ...real.headers, ...(fault?.kind === 'content-type' && { 'content-type': fault.value }) };
    response.writeHead(real.status, headers).end(real.body);
  }
}

async function forward(target: string, request: IncomingMessage, body: Buffer) {
  return await new Promise<{ status: number; headers: Record<string, string>; body: Buffer }>((resolve, reject) => {
    const { host, connection, 'transfer-encoding': _chunked, ...headers } = request.headers;
    const out = send(target + request.url, {
      method: request.method,
      headers: { ...headers, 'content-length': body.length },
    });
    out.once('error', reject).once('response', async (incoming) => {
      const { 'transfer-encoding': _omitted, connection: _closed, ...kept } = incoming.headers;
      const received = await buffer(incoming);
      resolve({
        status: incoming.statusCode ?? 0,
        headers: { ...(kept as Record<string, string>), 'content-length': String(received.length) },
        body: received,
      });
    });
    out.end(body);
  });
}
