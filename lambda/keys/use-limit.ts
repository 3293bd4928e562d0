import { isRunning } from '../shared/clock';
import type { Deadline } from '../shared/deadline';
import { KeyLimited } from '../shared/errors';
import { BoundedMap } from './bounded-map';
import type { UseItem } from './repository/use-item';
import type { UseRepository, Uses } from './repository/use-repository';

interface Window {
  readonly endsAt: number;
  readonly count: number;
}

/** The result of counting some uses. */
export interface CountedUses {
  /** How many of the uses are within the limit. */
  readonly accepted: number;
  /** The error of the other uses, if any are over the limit. */
  readonly limited?: KeyLimited | undefined;
  /** The item after the uses were counted, if this wrote it. */
  readonly item?: UseItem | undefined;
}

/**
 * The rate limit of a key. A window begins with the first use after the last window. The count is in one item per key
 * and Region, so the limit is exact for any number of processes in a Region.
 */
export class UseLimit {
  /** The last window of each key that this process has read. The count in the table may be higher. */
  private readonly windows = new BoundedMap<Window>();

  constructor(
    private readonly uses: UseRepository,
    private readonly maxUses: number,
    private readonly windowMs: number,
  ) {}

  /**
   * Counts uses. This usually takes one write, and none if this process knows that the key is over its limit. Uses over
   * the limit are counted too. Each use has its own number in the count, also if several processes count at the
   * same time, and is accepted if that number is within the limit.
   */
  async count(id: string, uses: Uses, deadline: Deadline): Promise<CountedUses> {
    const known = this.windows.get(id);
    // A count never decreases within a window, so a key over the limit stays over it.
    if (known !== undefined && this.isOpen(known) && known.count > this.maxUses) {
      return { accepted: 0, limited: this.limited(id, known) };
    }
    const item = await this.countIn(id, uses, known, deadline);
    const window = windowOf(item);
    this.windows.set(id, window);
    if (window.count <= this.maxUses) return { accepted: uses.uses, item };
    const accepted = Math.max(0, uses.uses - (window.count - this.maxUses));
    return { accepted, limited: this.limited(id, window), item };
  }

  private async countIn(id: string, uses: Uses, known: Window | undefined, deadline: Deadline): Promise<UseItem> {
    if (known && !this.isOpen(known)) {
      const begun = await this.uses.beginWindow(id, uses, this.windowMs, deadline);
      if (begun) return begun;
    }
    const counted = await this.uses.countUses(id, uses, deadline);
    if (this.isOpen(windowOf(counted))) return counted;
    const again = { ...uses, isInDay: true };
    // If several processes find the window over, one begins the next window and the others count in it.
    const begun = await this.uses.beginWindow(id, again, this.windowMs, deadline);
    return begun ?? (await this.uses.countUses(id, again, deadline));
  }

  private isOpen({ endsAt }: Window): boolean {
    return isRunning(endsAt, this.windowMs);
  }

  private limited(keyId: string, { endsAt }: Window): KeyLimited {
    return new KeyLimited(Math.ceil(Math.min(endsAt - Date.now(), this.windowMs) / 1000), { keyId });
  }
}

const windowOf = ({ windowEndsAt = 0, count = 0 }: UseItem): Window => ({ endsAt: windowEndsAt, count });
