import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Outcome } from './ledger';
import type { KillableServer, Life } from './server';
import type { Tally } from './tally';

export const connections = 32;
/** After which, in ms, no answer is expected any more: longer than the gateway waits. */
const patienceMs = 35_000;

export interface Reply {
  readonly outcome: Outcome;
  /** What its JSON says; undefined where there is none. */
  readonly body: unknown;
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** The service as its callers know it, over 32 connections that are kept; every call is counted. */
export class Service {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: connections });

  constructor(
    private readonly server: KillableServer,
    private readonly tally: Tally,
  ) {}

  create(user: string, name: string): Promise<Reply> {
    return this.callAs(user, 'create', { method: 'POST', path: '/trpc/keys.create', body: { name } });
  }

  revoke(user: string, id: string): Promise<Reply> {
    return this.callAs(user, 'revoke', { method: 'POST', path: '/trpc/keys.revoke', body: { id } });
  }

  list(user: string): Promise<Reply> {
    return this.callAs(user, 'list', { method: 'GET', path: '/trpc/keys.list' });
  }

  async whoami(secret: string): Promise<Reply> {
    const headers = { 'x-api-key': secret };
    return this.counted(
      'whoami',
      await this.call(this.server.life, { method: 'GET', path: '/trpc/keys.whoami', headers }),
    );
  }

  close(): void {
    this.agent.destroy();
  }

  private async callAs(user: string, name: string, call: Call): Promise<Reply> {
    // The token and the call belong to one life of the server.
    const { life } = this.server;
    const token = await this.tokenOf(life, user);
    // Without a token the call was never made.
    if (token === undefined) return this.counted(name, { outcome: 'not reached', body: undefined });
    const headers = { authorization: `Bearer ${token}` };
    return this.counted(name, await this.call(life, { ...call, headers }));
  }

  private async tokenOf(life: Life, user: string): Promise<string | undefined> {
    const known = life.tokens.get(user);
    if (known) return known;
    const { outcome, text } = await this.send(life, { method: 'GET', path: `/dev/token?user=${user}` });
    if (outcome !== 200) {
      this.tally.count('token', outcome);
      return undefined;
    }
    life.tokens.set(user, text);
    return text;
  }

  private counted(name: string, reply: Reply): Reply {
    this.tally.count(name, reply.outcome);
    return reply;
  }

  private async call(life: Life, call: Call): Promise<Reply> {
    const { outcome, text } = await this.send(life, call);
    try {
      return { outcome, body: JSON.parse(text) };
    } catch {
      return { outcome, body: undefined };
    }
  }

  private async send(life: Life, { method, path, headers, body }: Call) {
    const sent = request(life.url + path, {
      method,
      agent: this.agent,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      timeout: patienceMs,
    });
    sent.on('timeout', () => sent.destroy());
    try {
      const status = await new Promise<{ outcome: Outcome; text: string }>((resolve, reject) => {
        sent.on('error', reject).on('response', (response) => {
          text(response).then((all) => resolve({ outcome: response.statusCode ?? 0, text: all }), reject);
        });
        sent.end(body && JSON.stringify(body));
      });
      return status;
    } catch (error) {
      return { outcome: whyNone(life, error), text: '' };
    }
  }
}

function whyNone({ over }: Life, error: unknown): Outcome {
  if (!over) return 'broken off';
  return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED' ? 'not reached' : 'answer lost';
}
