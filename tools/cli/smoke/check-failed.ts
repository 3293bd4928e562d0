/** A failed check: what was expected, what was received, what to do next. It contains no credential. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
  readonly expected: string;
  readonly received: string;
  readonly next: string;

  constructor(expected: string, received: string, next: string) {
    super();
    this.expected = expected;
    // The server decides what this text says and how long it is.
    this.received = conceal(received).slice(0, 500);
    this.next = conceal(next);
  }
}

/** A JWT begins with `eyJ`, which is `{"` in base64. */
const sessionTokens = /eyJ[\w.-]{10,}/g;
/** Words as long as a key's secret. Clerk's ids are shorter, and host names contain no `_`. */
const longWords = /[\w.~+/-]{44,}=*/g;

/** The text with everything masked that looks like a session token or a key's secret, since a server may echo them. */
export function conceal(text: string): string {
  return text
    .replace(sessionTokens, '(a token)')
    .replace(longWords, (word) => (word.includes('_') ? '(a secret)' : word));
}
