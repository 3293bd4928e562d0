import * as z from 'zod';
import { apiForTests } from '../../support/api-harness';
import { places, repeated } from '../../support/long-requests';
import { problemOf } from '../../support/regular-expressions';

jest.setTimeout(60_000);

const api = apiForTests();

const length = 15_000;
const longTextOf = (text: string) => text.repeat(length / text.length);

/** The largest accepted difference of the CPU time of a long and a short text, in ms. */
const maxDifferenceMs = 5;

/** Loads what is loaded on demand, and reads Clerk's keys. */
let setting: { token: string; webhookSecret: string };
beforeEach(async () => {
  setting = { token: api.signedIn().token, webhookSecret: api.usable.webhookSecret };
  await api.list(setting.token);
  for (const event of Object.values(places)) await api.send(event('x', setting));
  api.reset();
});

async function cost(event: unknown): Promise<number> {
  const before = process.cpuUsage();
  await api.send(event);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The smallest difference of several tries, because garbage collection and compilation take CPU time too. */
async function difference(long: unknown, short: unknown): Promise<number> {
  let smallest = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 20 && smallest > maxDifferenceMs; tries += 1) {
    smallest = Math.min(smallest, (await cost(long)) - (await cost(short)));
  }
  return smallest;
}

describe.each(Object.entries(places))('15,000 characters in %s', (_place, event) => {
  it('cost at most 5 ms more than one character, whichever is repeated, and are refused without a call', async () => {
    const slow: Record<string, number> = {};
    const statuses = new Set<number>();
    for (const text of repeated) {
      const [long, short] = [event(longTextOf(text), setting), event('x', setting)];
      const ms = await difference(long, short);
      if (ms > maxDifferenceMs) slow[JSON.stringify(text)] = ms;
      statuses.add((await api.send(long)).status);
    }
    expect(slow).toEqual({});
    expect([...statuses].filter((status) => status === 200 || status >= 500)).toEqual([]);
    expect(api.allCalls()).toEqual([]);
  });
});

/** The longest text that an expression may be applied to: a header with a token of 8 KB. */
const maxLength = 8 * 1024 + 100;
/** Zod counts code points with it when it checks a length. */
const countsCodePoints = /[\uD800-\uDBFF]/;

/**
 * Zod's expression for a time, which the checker cannot judge. Its parts have fixed lengths, except the fraction of a
 * second, which nothing else in it matches.
 */
const time = z.regexes.datetime({ offset: true });

it('lengths are checked before expressions, and every expression that is applied is linear, also of a library', async () => {
  const applied = new Map<string, { expression: RegExp; longest: number }>();
  const { exec } = RegExp.prototype;
  let sent = '';
  const spy = jest.spyOn(RegExp.prototype, 'exec').mockImplementation(function (this: RegExp, text: string) {
    const longest = Math.max(text.length, applied.get(String(this))?.longest ?? 0);
    if (text.includes(sent)) applied.set(String(this), { expression: this, longest });
    return exec.call(this, text);
  });
  for (const event of Object.values(places)) {
    for (const text of ['a', ' ', '0', '=']) {
      sent = text.repeat(30);
      await api.send(event(longTextOf(text), setting));
      await api.send(event(sent, setting));
    }
  }
  spy.mockRestore();
  applied.delete(String(countsCodePoints));
  expect(applied.get(String(time))?.longest).toBeLessThanOrEqual(40);
  applied.delete(String(time));
  const onLongText = [...applied.values()].filter(({ longest }) => longest > maxLength);
  expect(onLongText.map(({ expression, longest }) => `${expression} on ${longest} characters`)).toEqual([]);
  expect(applied.size).toBeGreaterThan(0);
  expect([...applied.values()].flatMap(({ expression }) => problemOf(expression) ?? [])).toEqual([]);
});
