import { timeAgo } from '../../console/src/text/time';

const now = Date.parse('2026-03-01T12:00:00.000Z');

it.each([
  ['2026-03-01T12:00:00.000Z', 'just now'],
  ['2026-03-01T11:59:00.001Z', 'just now'],
  ['2026-03-01T11:59:00.000Z', '1 minute ago'],
  ['2026-03-01T11:56:30.000Z', '3 minutes ago'],
  ['2026-03-01T11:00:00.000Z', '1 hour ago'],
  ['2026-02-28T12:00:00.001Z', '23 hours ago'],
  ['2026-02-28T12:00:00.000Z', '1 day ago'],
  ['2026-02-20T12:00:00.000Z', '1 week ago'],
  ['2026-01-10T12:00:00.000Z', '1 month ago'],
  ['2024-02-10T12:00:00.000Z', '2 years ago'],
  ['2026-03-01T12:10:00.000Z', 'just now'],
])('formats %s as "%s"', (iso, expected) => {
  expect(timeAgo(iso, now)).toBe(expected);
});
