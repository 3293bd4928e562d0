import { randomBytes } from 'node:crypto';
import { type Answer, recordOf } from './answer-text';
import { CheckFailed } from './check-failed';
import { eventually } from './eventually';
import type { KeyService } from './key-service';

export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A key that could not be revoked; the message tells a person how to do it. */
export class KeyLeftBehind extends Error {
  override readonly name = 'KeyLeftBehind';
}

/** The key that the checks are made with, which remembers what there is to clean up. */
export class TrialKey {
  /** Nobody else has a key of this name, so whatever has it is ours. */
  readonly name = `Smoke test ${new Date().toISOString()} ${randomBytes(4).toString('hex')}`;
  /** Of keys that were made and not revoked. */
  private readonly ids = new Set<string>();
  /** A key may have been made whose id we were not told. */
  private unsure = false;

  constructor(
    private readonly service: KeyService,
    /** How long to try again, in ms, where the service does not do as it should. */
    private readonly patienceMs: number,
  ) {}

  /** @throws CheckFailed when no answer came; a key may be there nevertheless. */
  async create(): Promise<Answer> {
    const wasUnsure = this.unsure;
    this.unsure = true;
    const answer = await this.service.create(this.name);
    const { id } = recordOf(answer.body);
    const told = typeof id === 'string' && uuid.test(id);
    if (told) this.ids.add(id);
    // Who refuses a request has made no key; who fails may have.
    const refused = answer.status >= 400 && answer.status < 500;
    this.unsure = wasUnsure || !(told || refused);
    return answer;
  }

  /** @throws CheckFailed when no answer came. */
  async revoke(id: string): Promise<Answer> {
    const answer = await this.service.revoke(id);
    if (answer.status === 200 && recordOf(answer.body).success === true) this.ids.delete(id);
    return answer;
  }

  /**
   * Revokes what is left of it, whatever has happened before.
   * @returns what was done, in a sentence; undefined when there was nothing to do.
   * @throws KeyLeftBehind when it could not be done, or nobody can tell.
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
   * Adds the ids of keys of this name that we were not told of. A list may be late, so an empty one is asked again.
   * @returns whether there was an answer at all.
   */
  private async search(): Promise<boolean> {
    let answered = false;
    await eventually(this.patienceMs, async () => {
      const answer = await unlessSilent(this.service.list());
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
      // What is refused now will be refused again.
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
      `Not cleaned up: nobody can tell whether there is a key "${this.name}", since keys.list gave no list. ` +
        `Look for its ID there. ${this.byHand('ID')}`,
    );
  }

  private byHand(id = 'ID'): string {
    return `Revoke it with a session token of the same user:
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
