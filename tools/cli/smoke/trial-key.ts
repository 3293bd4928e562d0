import { randomBytes } from 'node:crypto';
import type { Answer } from './answer-text';
import { recordOf } from './answer-text';
import { CheckFailed } from './check-failed';
import { eventually } from './eventually';
import type { KeyService, Owner } from './key-service';
import type { NewKey } from './new-key';

export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The key may still work. The message says how to revoke it by hand. */
export class KeyLeftBehind extends Error {
  override readonly name = 'KeyLeftBehind';
}

/** The key that the checks create, and what has to be cleaned up. */
export class TrialKey {
  /** Unique, so every key of this name is ours. */
  readonly name = `Smoke test ${new Date().toISOString()} ${randomBytes(4).toString('hex')}`;
  /** Of keys that were created and not revoked. */
  private readonly ids = new Set<string>();
  /** A key may have been created whose id is unknown. */
  private unsure = false;

  constructor(
    private readonly service: KeyService,
    /** How long a failed clean-up is retried, in ms. */
    private readonly patienceMs: number,
    private readonly owner?: Owner,
  ) {}

  /** @throws CheckFailed when there is no answer; a key may have been created nevertheless. */
  async create(key: NewKey): Promise<Answer> {
    const wasUnsure = this.unsure;
    this.unsure = true;
    const answer = await this.service.create(key);
    const { id } = recordOf(answer.body);
    const known = typeof id === 'string' && uuid.test(id);
    if (known) this.ids.add(id);
    // A 4xx means that no key was created; after any other failure there may be one.
    const refused = answer.status >= 400 && answer.status < 500;
    this.unsure = wasUnsure || !(known || refused);
    return answer;
  }

  /** @throws CheckFailed when there is no answer. */
  async revoke(id: string): Promise<Answer> {
    const answer = await this.service.revoke(id);
    if (answer.status === 200 && recordOf(answer.body).success === true) this.ids.delete(id);
    return answer;
  }

  /**
   * Revokes every key that may still work.
   * @returns what was done, in a sentence; undefined when there was nothing to do.
   * @throws KeyLeftBehind when a key is left, or may be left.
   */
  async remove(): Promise<string | undefined> {
    const searched = this.unsure;
    const answered = !searched || (await this.search());
    const found = [...this.ids];
    for (const id of found) await this.revokePatiently(id);
    if (this.ids.size > 0) throw this.leftBehind([...this.ids]);
    if (!answered) throw this.maybeLeftBehind();
    if (found.length > 0) return `Cleaned up: the key ${found.join(' and ')} is revoked.`;
    return searched ? `Nothing to clean up: keys.list shows no key named "${this.name}".` : undefined;
  }

  /**
   * Adds the ids of listed keys of this name. A list may be out of date, so it is repeated while it shows none.
   * @returns whether there was a list at all.
   */
  private async search(): Promise<boolean> {
    let answered = false;
    await eventually(this.patienceMs, async () => {
      const answer = await unlessSilent(this.service.list(this.owner));
      if (answer?.status !== 200 || !Array.isArray(answer.body)) return undefined;
      answered = true;
      const ours = answer.body.map(recordOf).filter(({ name }) => name === this.name);
      const fresh = ours.map(({ id }) => String(id)).filter((id) => uuid.test(id) && !this.ids.has(id));
      for (const id of fresh) this.ids.add(id);
      return fresh.length > 0 || undefined;
    });
    return answered;
  }

  private async revokePatiently(id: string): Promise<void> {
    await eventually(this.patienceMs, async () => {
      const answer = await unlessSilent(this.revoke(id));
      // A retry does not help against a refusal.
      return (answer && answer.status < 500) || undefined;
    });
  }

  private leftBehind(ids: readonly string[]): KeyLeftBehind {
    return new KeyLeftBehind(
      `Not cleaned up: the key "${this.name}", id ${ids.join(' and ')}, still works. ${this.byHand(ids[0])}`,
    );
  }

  private maybeLeftBehind(): KeyLeftBehind {
    return new KeyLeftBehind(
      `Not cleaned up: a key "${this.name}" may exist; keys.list did not answer. ` +
        `Look for its ID there. ${this.byHand('ID')}`,
    );
  }

  private byHand(id = 'ID'): string {
    const whose = this.owner === 'organization' ? 'user and organization' : 'user';
    return `Revoke it with a session token of the same ${whose}:
  curl -X POST ${this.service.urlOf('keys.revoke')} -H "Authorization: Bearer $CLERK_JWT" \\
    -H 'Content-Type: application/json' -d '{"id":"${id}"}'`;
  }
}

async function unlessSilent(call: Promise<Answer>): Promise<Answer | undefined> {
  return await call.catch((error) => {
    if (error instanceof CheckFailed) return undefined;
    throw error;
  });
}
