import { eventsOf } from '../../../lambda/events/events-of-change';
import type { KeyEvent } from '../../../lambda/events/key-event';
import type { KeyItem } from '../../../lambda/keys/repository/items';
import { keyChangeIn } from '../../../lambda/keys/repository/stream-record';
import type { ApiHarness } from '../../support/api-harness';
import type { Truth } from './truth';

/** The events of every write to a key, in their order, as the function of the stream derives them. */
const toldBy = new WeakMap<ApiHarness, Map<string, KeyEvent[]>>();

/** @returns undefined on DynamoDB Local, whose writes no test can see. */
export function watchEvents(api: ApiHarness): Map<string, KeyEvent[]> | undefined {
  if (process.env.TEST_DYNAMODB_URL) return undefined;
  const known = toldBy.get(api);
  if (known) return known;
  const told = new Map<string, KeyEvent[]>();
  toldBy.set(api, told);
  api.watchWrites((_table, OldImage, NewImage) => {
    const change = keyChangeIn({
      dynamodb: { SequenceNumber: '1', ApproximateCreationDateTime: Date.now() / 1000, OldImage, NewImage },
    });
    if (!change) return;
    const events = eventsOf(change, new Date().toISOString());
    told.set(change.after.id, [...(told.get(change.after.id) ?? []), ...events]);
  });
  return told;
}

/** What the events of some owners' keys do not tell, or tell wrongly, compared with what is stored in the end. */
export function wrongEvents(
  told: ReadonlyMap<string, KeyEvent[]>,
  { stored }: Truth,
  owners: readonly string[],
): string[] {
  const keys = [...stored.values()]
    .filter((item): item is KeyItem => item.secretDigest !== undefined)
    .filter(({ ownerId }) => owners.includes(ownerId));
  return keys.flatMap((key) => {
    const events = told.get(key.id) ?? [];
    const count = (type: KeyEvent['type']) => events.filter((event) => event.type === type).length;
    const last = events.at(-1);
    const [text, { enabled = true, suspended = false, hint }] = [JSON.stringify(events), key];
    const shown = last && { enabled: last.detail.key.enabled, suspended: last.detail.key.suspended };
    const promises: [isKept: boolean, promise: string][] = [
      [events[0]?.type === 'ApiKeyCreated' && count('ApiKeyCreated') === 1, 'its creation is told first, and once'],
      [count('ApiKeyRevoked') === (key.revokedAt ? 1 : 0), 'its revocation is told'],
      [!key.revokedAt || last?.type === 'ApiKeyRevoked', 'nothing is told after its revocation'],
      [count('ApiKeyRotated') === (key.secretNumber ?? 1) - 1, 'each rotation is told'],
      [JSON.stringify(shown) === JSON.stringify({ enabled, suspended }), 'its last state is told'],
      [last?.detail.key.hint === hint, 'the hint of its last secret is told'],
      [!text.includes(key.secretDigest) && !text.includes(key.previousDigest ?? key.secretDigest), 'no digest is told'],
    ];
    return promises.filter(([isKept]) => !isKept).map(([, promise]) => `events of ${key.id}: ${promise}`);
  });
}
