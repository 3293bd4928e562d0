import { adviceOnSilence } from './advice';
import type { Answer } from './answer-text';
import { CheckFailed } from './check-failed';
import type { SessionToken } from './session-token';

export interface KeyServiceOptions {
  /** Where it is, without `/trpc` and without a slash at the end. */
  readonly base: string;
  /** Whose keys are made, listed and revoked. */
  readonly session: SessionToken | undefined;
  /** How long an answer may take, in ms. */
  readonly callMs: number;
}

interface Credentials {
  readonly session?: SessionToken | undefined;
  readonly apiKey?: string;
}

/** The service as any HTTP client knows it. A call throws CheckFailed when no answer comes; it may have had its effect. */
export class KeyService {
  constructor(private readonly options: KeyServiceOptions) {}

  urlOf(procedure: string): string {
    return `${this.options.base}/trpc/${procedure}`;
  }

  health(): Promise<Answer> {
    return this.call('GET', `${this.options.base}/health`, {});
  }

  /** Nobody is signed in, and nothing is named: if that were let in, still no key would be made. */
  createAsNobody(): Promise<Answer> {
    return this.call('POST', this.urlOf('keys.create'), {}, {});
  }

  create(name: string): Promise<Answer> {
    return this.call('POST', this.urlOf('keys.create'), this.options, { name });
  }

  list(): Promise<Answer> {
    return this.call('GET', this.urlOf('keys.list'), this.options);
  }

  revoke(id: string): Promise<Answer> {
    return this.call('POST', this.urlOf('keys.revoke'), this.options, { id });
  }

  whoami(apiKey: string): Promise<Answer> {
    return this.call('GET', this.urlOf('keys.whoami'), { apiKey });
  }

  private async call(method: string, url: string, credentials: Credentials, body?: object): Promise<Answer> {
    const { session, apiKey } = credentials;
    try {
      const response = await fetch(url, {
        method,
        headers: {
          ...(session && { authorization: `Bearer ${session.text}` }),
          ...(apiKey && { 'x-api-key': apiKey }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        // A redirect would take the key to wherever it leads.
        redirect: 'manual',
        signal: AbortSignal.timeout(this.options.callMs),
      });
      const { status, headers } = response;
      return { status, headers, body: parsed(await response.text()), session };
    } catch (error) {
      throw this.silence(method, new URL(url), codeOf(error));
    }
  }

  private silence(method: string, { pathname, host }: URL, code: string): CheckFailed {
    const expected = `an answer to ${method} ${pathname} within ${this.options.callMs / 1000} s`;
    return new CheckFailed(expected, `none (${code})`, adviceOnSilence(code, host));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What kept the answer away, in a word. The error's message stays out: it may quote a header. */
function codeOf(error: unknown): string {
  const { name, cause } = error as { name?: unknown; cause?: { code?: unknown } };
  if (name === 'TimeoutError') return 'timeout';
  return typeof cause?.code === 'string' ? cause.code : 'unknown reason';
}
