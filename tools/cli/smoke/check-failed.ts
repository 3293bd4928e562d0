/** Why a check failed, for people: what the contract says, what came, what to do next. Holds no credential. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
  readonly expected: string;
  readonly came: string;
  readonly next: string;

  constructor(expected: string, came: string, next: string) {
    super();
    this.expected = expected;
    // What came is in the words of whoever is at the other end, of any length.
    this.came = conceal(came).slice(0, 500);
    this.next = conceal(next);
  }
}

/** Every JWT begins like this: it is what `{"` comes to in base64. */
const sessionTokens = /eyJ[\w.-]{10,}/g;
/** As long as a key's secret at least is. Ids of Clerk's are shorter, host names have no `_`. */
const longWords = /[\w.~+/-]{44,}=*/g;

/** The text without anything in it that looks like a session token or a key's secret: a server may echo them. */
export function conceal(text: string): string {
  return text
    .replace(sessionTokens, '(a token)')
    .replace(longWords, (word) => (word.includes('_') ? '(a secret)' : word));
}

/** Whether the text has the form of a key's secret. A stage has its own prefix; it ends with `_`. */
export const looksLikeKeySecret = (text: string): boolean => conceal(text) === '(a secret)';
