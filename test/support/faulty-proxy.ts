import { type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type LoopbackServer, serve } from '../../local/loopback';

/** How a network, or the server behind it, can fail a call. `effect` says whether the server carried it out. */
export type Fault =
  | { readonly kind: 'reset'; readonly effect: boolean }
  | { readonly kind: 'hang'; readonly effect: boolean }
  /** The connection is reset at once, and the server carries the call out later. */
  | { readonly kind: 'late'; readonly until: Promise<void> }
  | { readonly kind: 'truncate' }
  /** The answer begins and never ends. */
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
  /** The process that calls ends here: `die` sees to it. */
  | { readonly kind: 'die'; readonly effect: boolean; die(): void };

/** What the server answered. */
export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Call {
  /** `POST /api_keys`, or the target of an AWS call, `DynamoDB_20120810.PutItem`. */
  readonly operation: string;
  readonly body: string;
}

/** Stands between a client and a server, counts the calls and fails those that it is told to. */
export interface FaultyProxy extends LoopbackServer {
  readonly calls: Call[];
  /** The bodies that the server answered with, whatever the client got of them. */
  readonly answers: string[];
  /** How many TCP connections its calls came by so far. */
  connections(): number;
  /** Lets `skip` calls pass whose operation matches and fails the next `times`; Infinity for all. */
  fail(operation: RegExp, fault: Fault, times?: number, skip?: number): void;
  /** Runs once, when the server has carried out a call whose operation matches and before its answer goes on. */
  afterEffectOf(operation: RegExp, action: () => void | Promise<void>): void;
  /** Each call waits for it before it goes on, and fails as it says. */
  gate: ((operation: string) => Promise<Fault | undefined>) | undefined;
  /** Forgets calls, faults and the gate. */
  reset(): void;
}

export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const calls: Call[] = [];
  const answers: string[] = [];
  let planned: { operation: RegExp; fault: Fault; times: number; skip: number }[] = [];
  let actions: { operation: RegExp; action: () => void | Promise<void> }[] = [];

  const sockets = new WeakSet<Socket>();
  let connections = 0;
  const server = await serve(async (request, response) => {
    if (!sockets.has(request.socket)) connections += 1;
    sockets.add(request.socket);
    const body = await buffer(request);
    const path = (request.url ?? '').split('?')[0];
    const operation = String(request.headers['x-amz-target'] ?? `${request.method} ${path}`);
    calls.push({ operation, body: body.toString() });
    const plan = planned.find((entry) => entry.operation.test(operation) && entry.times > 0);
    const passes = plan !== undefined && plan.skip > 0;
    if (passes) plan.skip -= 1;
    else if (plan) plan.times -= 1;
    const onEffect = async (answered: Buffer) => {
      answers.push(answered.toString());
      const index = actions.findIndex((entry) => entry.operation.test(operation));
      if (index >= 0) await actions.splice(index, 1)[0]?.action();
    };
    const fault = (await proxy.gate?.(operation)) ?? (passes ? undefined : plan?.fault);
    await answer(target, request, body, response, fault, onEffect);
  });
  const proxy: FaultyProxy = {
    ...server,
    calls,
    answers,
    connections: () => connections,
    fail: (operation, fault, times = 1, skip = 0) => planned.push({ operation, fault, times, skip }),
    afterEffectOf: (operation, action) => actions.push({ operation, action }),
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
    carriedOut && (fault?.kind !== 'answer' || fault.effect)
      ? await forward(target, request, body)
      : undefined;
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
    const headers = {
      ...real.headers,
      ...(fault?.kind === 'content-type' && { 'content-type': fault.value }),
    };
    response.writeHead(real.status, headers).end(real.body);
  }
}

async function forward(target: string, request: IncomingMessage, body: Buffer) {
  return await new Promise<{ status: number; headers: Record<string, string>; body: Buffer }>(
    (resolve, reject) => {
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
    },
  );
}
