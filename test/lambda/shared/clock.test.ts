import { clockSkewMs, isRunning } from '../../../lambda/shared/clock';

const minute = 60_000;

it.each([
  ['has all of its length left', minute, true],
  ['has a millisecond left', 1, true],
  ['ends now', 0, false],
  ['ended an hour ago', -60 * minute, false],
  ['ends as far ahead as two clocks may differ', minute + clockSkewMs, true],
  ['ends further ahead', minute + clockSkewMs + 1, false],
  ['ends in a year', 525_600 * minute, false],
  ['has no end', Number.NaN, false],
])('a period of a minute that %s', (_what, leftMs, running) => {
  jest.spyOn(Date, 'now').mockReturnValue(1_800_000_000_000);
  expect(isRunning(Date.now() + leftMs, minute)).toBe(running);
});
