import { createPublicKey, type KeyObject } from 'node:crypto';
import * as z from 'zod/mini';
import { startClock } from '../shared/clock';
import { DeadlineExceeded } from '../shared/deadline';
import { describeError } from '../shared/describe-error';
import { DependencyUnavailable } from '../shared/errors';
import type { Task } from '../shared/task';

/** Where GitHub publishes the public keys of its reports. */
export const githubKeysUrl = 'https://api.github.com/meta/public_keys/secret_scanning';

/**
 * The age at which the keys are read again, in ms. Until then, an ID that is not among them is unknown, so a caller who
 * invents key IDs causes at most 12 reads per hour and process. GitHub allows 60 without credentials.
 */
const freshMs = 5 * 60_000;
/** The time between a failed read and the next one, in ms. */
const retryMs = 30_000;
/** The age up to which keys are used while reading them again fails, in ms. */
const staleMs = 24 * 3_600_000;
/** The timeout of one read, in ms. */
const readMs = 3_000;
/** The largest accepted answer, in bytes. GitHub's has less than 2 KB. */
const maxBytes = 64 * 1024;

/** The members that are read from GitHub's answer. */
const publishedKeys = z.object({
  public_keys: z.array(z.object({ key_identifier: z.string(), key: z.string() })).check(z.maxLength(100)),
});

interface Known {
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** The version of GitHub's answer, for a conditional request. */
  readonly etag: string | undefined;
  /** In ms. */
  age(): number;
}

/** Reads and caches the public keys with which GitHub signs its reports. */
export class GitHubKeys {
  private known: Known | undefined;
  private failed: { readonly failure: DependencyUnavailable; age(): number } | undefined;
  private reading: Promise<void> | undefined;

  /** @param url GitHub's own, or that of a stand-in. */
  constructor(private readonly url = githubKeysUrl) {}

  /**
   * The key with this ID, usually from memory; undefined if GitHub has none.
   * @throws DependencyUnavailable when that is not known, because GitHub does not answer.
   */
  async find(id: string, task: Task): Promise<KeyObject | undefined> {
    const isFresh = this.known !== undefined && this.known.age() < freshMs;
    const failure = isFresh ? undefined : await this.refresh(task);
    const key = this.known?.keys.get(id);
    if (!key && failure) throw failure;
    return key;
  }

  /** Reads the keys again. @returns the error if that failed. */
  private async refresh({ deadline, log }: Task): Promise<DependencyUnavailable | undefined> {
    if (this.failed && this.failed.age() < retryMs) return this.failed.failure;
    // Concurrent requests share one read. Each waits until its own deadline.
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
    });
    try {
      await deadline.race('github', this.reading, readMs);
      return undefined;
    } catch (error) {
      const failure = failureOf(error);
      this.failed = { failure, age: startClock() };
      if (this.known && this.known.age() >= staleMs) this.known = undefined;
      log.warn('github.keys-not-read', describeError(failure));
      return failure;
    }
  }

  private async read(): Promise<void> {
    const age = startClock();
    const etag = this.known?.etag;
    const response = await fetch(this.url, {
      headers: {
        accept: 'application/json',
        // GitHub refuses requests without it.
        'user-agent': 'satori-keys',
        ...(etag !== undefined && { 'if-none-match': etag }),
      },
      redirect: 'error',
      signal: AbortSignal.timeout(readMs),
    });
    if (response.status === 304 && this.known) {
      this.known = { ...this.known, age };
      return;
    }
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new DependencyUnavailable('github', `status ${response.status}`);
    }
    const keys = keysIn(await textOf(response));
    this.known = { keys, etag: response.headers.get('etag') ?? undefined, age };
  }
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw unexpectedAnswer();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** The usable keys of GitHub's answer, by their IDs. @throws DependencyUnavailable if there are none. */
function keysIn(text: string): ReadonlyMap<string, KeyObject> {
  const { data } = publishedKeys.safeParse(parsed(text));
  const keys = (data?.public_keys ?? []).flatMap(({ key_identifier, key }) => {
    const publicKey = p256Key(key);
    return publicKey ? [[key_identifier, publicKey] as const] : [];
  });
  if (keys.length === 0) throw unexpectedAnswer();
  return new Map(keys);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unexpectedAnswer();
  }
}

/** The key of a PEM text, if it is of the curve that GitHub documents. */
function p256Key(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}

const unexpectedAnswer = () => new DependencyUnavailable('github', 'unexpected answer');

/** The message of a network error can contain anything, so it is not kept. */
function failureOf(error: unknown): DependencyUnavailable {
  if (error instanceof DependencyUnavailable) return error;
  const isTimeout = error instanceof DeadlineExceeded || (error instanceof Error && error.name === 'TimeoutError');
  return new DependencyUnavailable('github', isTimeout ? 'timeout' : 'no answer');
}
