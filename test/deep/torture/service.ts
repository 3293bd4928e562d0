import type { Outcome } from './ledger';
import type { KillableServer, Life } from './server';
import type { Tally } from './tally';

/** How many clients call at the same time. */
export const connections = 32;
/** How long to wait for an answer, in ms: longer than the gateway does. */
const patienceMs = 35_000;

export interface Reply {
  readonly outcome: Outcome;
  readonly body?: unknown;
}

export interface ListedKey {
  readonly id: string;
  readonly clerkUserId: string;
  readonly name: string;
}

/** The service as its callers know it; every call is counted. */
export class Service {
  constructor(
    private readonly server: KillableServer,
    private readonly tally: Tally,
  ) {}

  create = (user: string, name: string): Promise<Reply> => this.callAs(user, 'create', { name });

  revoke = (user: string, id: string): Promise<Reply> => this.callAs(user, 'revoke', { id });

  /** One page. @param after the last key of the page before. */
  list = (user: string, limit: number, after?: string): Promise<Reply> =>
    this.callAs(user, `list?input=${encodeURIComponent(JSON.stringify({ limit, after }))}`);

  whoami = (secret: string): Promise<Reply> => this.call(this.server.life, 'whoami', { 'x-api-key': secret });

  private async callAs(user: string, procedure: string, body?: object): Promise<Reply> {
    // The token and the call belong to one life of the server.
    const { life } = this.server;
    const token = life.tokens.get(user) ?? (await this.newToken(life, user));
    if (token !== undefined) return await this.call(life, procedure, { authorization: `Bearer ${token}` }, body);
    this.tally.count(nameOf(procedure), 'not reached');
    return { outcome: 'not reached' };
  }

  private async newToken(life: Life, user: string): Promise<string | undefined> {
    const { outcome, text } = await send(life, `/dev/token?user=${user}`);
    if (outcome === 200) life.tokens.set(user, text);
    else this.tally.count('token', outcome);
    return outcome === 200 ? text : undefined;
  }

  private async call(life: Life, procedure: string, headers: Record<string, string>, body?: object): Promise<Reply> {
    const { outcome, text } = await send(life, `/trpc/keys.${procedure}`, {
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    this.tally.count(nameOf(procedure), outcome);
    try {
      return { outcome, body: JSON.parse(text) };
    } catch {
      return { outcome };
    }
  }
}

const nameOf = (procedure: string) => procedure.split('?')[0] ?? '';

async function send(life: Life, path: string, init: RequestInit = {}): Promise<{ outcome: Outcome; text: string }> {
  try {
    const answer = await fetch(life.url + path, { ...init, signal: AbortSignal.timeout(patienceMs) });
    return { outcome: answer.status, text: await answer.text() };
  } catch (error) {
    const { cause } = error as { cause?: NodeJS.ErrnoException };
    const notReached = cause?.code === 'ECONNREFUSED';
    return { outcome: life.over ? (notReached ? 'not reached' : 'answer lost') : 'broken off', text: '' };
  }
}
