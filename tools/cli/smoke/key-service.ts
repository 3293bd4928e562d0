import { adviceOnSilence } from './advice';
import type { Answer } from './answer-text';
import { CheckFailed } from './check-failed';
import type { NewKey } from './new-key';
import type { SessionToken } from './session-token';

/** Whose keys are meant; the user's own by default. */
export type Owner = NewKey['owner'];

export interface KeyServiceOptions {
  /** The service's URL without `/trpc` and without a trailing slash. */
  readonly base: string;
  /** The user whose keys are created, listed and revoked. */
  readonly session: SessionToken | undefined;
  /** How long an answer may take, in ms. */
  readonly callMs: number;
}

interface Credentials {
  readonly session?: SessionToken | undefined;
  readonly apiKey?: string;
}

/** The service over HTTP. A call throws CheckFailed when no answer arrives; it may have had its effect nevertheless. */
export class KeyService {
  constructor(private readonly options: KeyServiceOptions) {}

  urlOf(procedure: string): string {
    return `${this.options.base}/trpc/${procedure}`;
  }

  health(): Promise<Answer> {
    return this.call('GET', `${this.options.base}/health`, {});
  }

  /** Without a token and without a name, so that no key is created even if the service accepts the call. */
  createAsNobody(): Promise<Answer> {
    return this.call('POST', this.urlOf('keys.create'), {}, {});
  }

  create(key: NewKey): Promise<Answer> {
    return this.mutate('keys.create', key);
  }

  list(owner?: Owner): Promise<Answer> {
    return owner ? this.query('keys.list', { owner }) : this.call('GET', this.urlOf('keys.list'), this.options);
  }

  get(id: string): Promise<Answer> {
    return this.query('keys.get', { id });
  }

  usage(id: string): Promise<Answer> {
    return this.query('keys.usage', { id });
  }

  update(id: string, changed: object): Promise<Answer> {
    return this.mutate('keys.update', { id, ...changed });
  }

  rotate(id: string, gracePeriodSeconds: number): Promise<Answer> {
    return this.mutate('keys.rotate', { id, gracePeriodSeconds });
  }

  revoke(id: string): Promise<Answer> {
    return this.mutate('keys.revoke', { id });
  }

  revokeSelf(apiKey: string): Promise<Answer> {
    return this.call('POST', this.urlOf('keys.revokeSelf'), { apiKey }, {});
  }

  whoami(apiKey: string): Promise<Answer> {
    return this.call('GET', this.urlOf('keys.whoami'), { apiKey });
  }

  private query(procedure: string, input: object): Promise<Answer> {
    const url = `${this.urlOf(procedure)}?input=${encodeURIComponent(JSON.stringify(input))}`;
    return this.call('GET', url, this.options);
  }

  private mutate(procedure: string, input: object): Promise<Answer> {
    return this.call('POST', this.urlOf(procedure), this.options, input);
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
        // Following a redirect could send the key to another host.
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

/** Why there was no answer. The error's message is left out, since it may quote a header. */
function codeOf(error: unknown): string {
  const { name, cause } = error as { name?: unknown; cause?: { code?: unknown } };
  if (name === 'TimeoutError') return 'timeout';
  return typeof cause?.code === 'string' ? cause.code : 'unknown reason';
}
