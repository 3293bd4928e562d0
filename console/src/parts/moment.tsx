import { ago, exactTime } from '../words/ago';

/** A moment in words, and exactly to who points at it. */
export function Moment({ iso, now }: { iso: string; now: number }) {
  return (
    <time dateTime={iso} title={exactTime(iso)}>
      {ago(iso, now)}
    </time>
  );
}
