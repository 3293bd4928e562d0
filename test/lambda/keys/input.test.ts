import { publicErrorOf } from '../../../lambda/http/public-errors';
import { checkExpiry, checkScopes, keyDescription, keyExpiry, keyScopes, ownerKind } from '../../../lambda/keys/input';

const rules = { scopes: ['docs:read', 'docs:write'], defaultScopes: [], maxKeyLifetimeDays: undefined };
const message = (work: () => unknown): string => {
  try {
    work();
    return 'accepted';
  } catch (error) {
    return publicErrorOf(error).message;
  }
};
/** What a schema says about an invalid value. */
const problem = (schema: typeof keyDescription | typeof keyScopes | typeof keyExpiry, value: unknown) =>
  schema.safeParse(value).error?.issues[0]?.message;

describe('a description', () => {
  it.each([
    ['empty', '', ''],
    ['only blanks, which are trimmed', ' \n\t ', ''],
    ['a single character', 'x', 'x'],
    [
      'several lines of both kinds',
      ' Used by CI.\n\nAsk the\r\nplatform team. ',
      'Used by CI.\n\nAsk the\r\nplatform team.',
    ],
    ['255 code points outside the BMP', '😀'.repeat(255), '😀'.repeat(255)],
    ['decomposed, and 255 code points after normalization', 'e\u0301'.repeat(255), 'é'.repeat(255)],
    ['255 code points between blanks', `${' '.repeat(3_000)}${'x'.repeat(255)} `, 'x'.repeat(255)],
    ['an emoji sequence', '👩‍🚀 ❤️', '👩‍🚀 ❤️'],
  ])('can be %s', (_what, given, stored) => {
    expect(keyDescription.parse(given)).toBe(stored);
  });

  it.each([
    ['256 code points', 'x'.repeat(256), 'at most 255 characters'],
    ['thousands of marks', `x${'\u0301\u0316'.repeat(4_000)}`, 'at most 255 characters'],
    ['a tab', 'a\tb', 'control characters'],
    ['a null character', 'a\0b', 'control characters'],
    ['a carriage return alone', 'a\rb', 'control characters'],
    ['a line separator', 'a\u2028b', 'control characters'],
    ['a lone surrogate', 'a\ud800b', 'control characters'],
    ['a noncharacter', 'a\ufffeb', 'control characters'],
    ['a direction override', 'a\u202eb', 'control characters'],
    ['a zero-width space', 'a\u200bb', 'control characters'],
    ['a tag character', 'a\u{e0041}b', 'control characters'],
    ['a zero-width joiner at the end', 'a\u200d', 'control characters'],
    ['a variation selector after a line break', 'a\n\ufe0fb', 'control characters'],
    ['no visible character', '\u2800', 'control characters'],
    ['a number', 7, 'must be a string'],
    ['null', null, 'must be a string'],
  ])('cannot be or have %s', (_what, given, rule) => {
    expect(problem(keyDescription, given)).toMatch(/^description must /);
    expect(problem(keyDescription, given)).toContain(rule);
  });
});

describe('scopes', () => {
  it('are distinct names of the stage, in the given order', () => {
    expect(checkScopes(keyScopes.parse(['docs:write', 'docs:read']), rules)).toEqual(['docs:write', 'docs:read']);
    expect(checkScopes(keyScopes.parse([]), rules)).toEqual([]);
  });

  it.each([
    ['a name of no scope', ['docs:read', 'docs:delete']],
    ['a name of an object’s member', ['constructor']],
    ['a scope in upper case', ['DOCS:READ']],
    ['an empty name', ['']],
  ])('cannot have %s', (_what, scopes) => {
    expect(message(() => checkScopes(keyScopes.parse(scopes), rules))).toBe(
      'Invalid input: scopes has an unknown scope',
    );
  });

  it('cannot have a scope twice', () => {
    const twice = message(() => checkScopes(['docs:read', 'docs:read'], rules));
    expect(twice).toBe('Invalid input: scopes has a scope twice');
  });

  it.each([
    ['a string', 'docs:read', 'scopes must be a list of strings'],
    ['null', null, 'scopes must be a list of strings'],
    ['a list with a number', [7], 'scopes must be a list of strings'],
    ['a list with a longer text than any scope', ['x'.repeat(101)], 'scopes has an unknown scope'],
    ['51 entries', Array(51).fill('docs:read'), 'scopes must have at most 50 entries'],
  ])('cannot be %s', (_what, given, expected) => {
    expect(problem(keyScopes, given)).toBe(expected);
  });
});

describe('a time of expiry', () => {
  const now = Date.parse('2026-06-01T12:00:00.000Z');
  beforeEach(() => jest.useFakeTimers({ now, doNotFake: ['performance'] }));
  afterEach(() => jest.useRealTimers());

  const expiry = (text: string | undefined, maxKeyLifetimeDays?: number) =>
    checkExpiry(text && keyExpiry.parse(text), { ...rules, maxKeyLifetimeDays });
  const timeIn = (ms: number) => new Date(now + ms).toISOString();
  const dayMs = 86_400_000;

  it.each([
    ['2027-01-31T00:00:00Z', '2027-01-31T00:00:00.000Z'],
    ['2027-01-31T01:30:00.5+01:30', '2027-01-31T00:00:00.500Z'],
    ['2027-01-30T19:00:00.123456789-05:00', '2027-01-31T00:00:00.123Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is stored in UTC with milliseconds', (given, stored) => {
    expect(expiry(given)).toBe(stored);
  });

  it.each([
    ['without a zone', '2027-01-31T00:00:00'],
    ['without a time', '2027-01-31'],
    ['without a leading zero', '2027-1-31T00:00:00Z'],
    ['on a day that does not exist', '2027-02-29T00:00:00Z'],
    ['at 24 o’clock', '2027-01-31T24:00:00Z'],
    ['of a year with six digits', '+012027-01-31T00:00:00Z'],
    ['with a fraction of many digits', `2027-01-31T00:00:00.${'0'.repeat(30)}Z`],
    ['as a number', 1_801_353_600_000],
    ['that is null', null],
  ])('%s is refused', (_what, given) => {
    expect(problem(keyExpiry, given)).toMatch(/^expiresAt must be a date and time with a zone, such as /);
  });

  it('whose year has five digits in UTC is refused', () => {
    expect(problem(keyExpiry, '9999-12-31T23:59:59-00:01')).toBe('expiresAt must be before the year 10000');
  });

  it('is at least a minute ahead', () => {
    expect(expiry(timeIn(60_000))).toBe(timeIn(60_000));
    const tooEarly = 'Invalid input: expiresAt must be at least a minute ahead';
    expect(message(() => expiry(timeIn(59_999)))).toBe(tooEarly);
    expect(message(() => expiry('0000-01-01T00:00:00Z'))).toBe(tooEarly);
  });

  it('is at most as far ahead as the stage allows, which is also the default', () => {
    expect(expiry(undefined)).toBeUndefined();
    expect(expiry(undefined, 30)).toBe(timeIn(30 * dayMs));
    expect(expiry(timeIn(30 * dayMs), 30)).toBe(timeIn(30 * dayMs));
    const tooLate = message(() => expiry(timeIn(30 * dayMs + 1), 30));
    expect(tooLate).toBe('Invalid input: expiresAt must be at most 30 days ahead');
  });
});

it('an owner is the user or the organization', () => {
  expect(['user', 'organization', 'org_1', '', null].filter((kind) => ownerKind.safeParse(kind).success)).toEqual([
    'user',
    'organization',
  ]);
});
