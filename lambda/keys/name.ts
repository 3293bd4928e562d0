import * as z from 'zod/mini';

/** Clerk's minimum: Backend API reference, `POST /api_keys`. */
export const minNameLength = 3;
export const maxNameLength = 100;

/** Character classes of a regular expression with the flag `u`. No character is in two of them. */
export interface NameCharacters {
  /** White space and characters that are displayed as empty space. They are accepted between visible characters. */
  readonly blank: string;
  /** Zero width joiner and non-joiner, for emoji sequences and for Persian and Indic words. */
  readonly joiner: string;
  /** Selects a variant of the character before it, such as its emoji form. */
  readonly selector: string;
  readonly visible: string;
}

// U+2800: braille blank. U+13430 to U+13442: joiners and blanks of hieroglyphs. U+1D159: null notehead.
const blank = String.raw`\p{Zs}\u2800\u{13430}-\u{13442}\u{1D159}`;
/** Control characters, surrogates, line separators and noncharacters. */
const invalid = String.raw`\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}`;
/** Invisible characters, which include those that change the reading direction, and interlinear annotations. */
const hidden = String.raw`\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB`;

/** The characters of a name. All other characters are rejected. The properties are stable across Unicode versions. */
export const nameCharacters: NameCharacters = {
  blank: `[${blank}]`,
  joiner: String.raw`[\u200C\u200D]`,
  // Mongolian variation selectors are not accepted.
  selector: String.raw`[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]`,
  visible: `[^${invalid}${hidden}${blank}]`,
};

/**
 * The form of a trimmed name, as a regular expression. It starts with a visible character. A selector directly follows
 * a visible character, and a joiner is between two. Other placement, such as a row of selectors, could hide text.
 */
export const nameForm = ({ blank, joiner, selector, visible }: NameCharacters) =>
  `${visible}${selector}?(?:${joiner}?${blank}*${visible}${selector}?)*`;

/** Length in code points. */
const lengthOf = (text: string) => [...text].length;

/**
 * The longest text that is normalized, in UTF-16 code units, because normalization takes quadratic time to sort
 * combining marks. NFC composes at most four code points of two units each into one, so a longer text is too long anyway.
 */
const maxUnits = (maxLength: number) => 8 * maxLength;

/**
 * Trims a text, normalizes it to NFC, so texts that look equal are equal, and checks its length and characters.
 * @param field for the messages.
 * @param minLength in code points, like `maxLength`.
 * @param createForm creates the form that the normalized text must have. It is called with the first text, because it
 *   takes time, and a process that only verifies keys does not need it.
 */
export function visibleText(field: string, minLength: number, maxLength: number, createForm: () => RegExp) {
  let form: RegExp | undefined;
  const hasForm = (text: string) => {
    form ??= createForm();
    return form.test(text);
  };
  const tooShort = { error: `${field} must be at least ${minLength} characters`, abort: true };
  const tooLong = { error: `${field} must be at most ${maxLength} characters`, abort: true };
  return [
    z.trim(),
    z.refine<string>((text) => text.length <= maxUnits(maxLength), tooLong),
    z.normalize('NFC'),
    z.refine<string>((text) => lengthOf(text) >= minLength, tooShort),
    z.refine<string>((text) => lengthOf(text) <= maxLength, tooLong),
    z.refine<string>(hasForm, {
      error: `${field} must not contain control characters, or characters that hide or reorder text`,
    }),
  ];
}

/** The name of a key. */
export const keyName = z.lazy(() =>
  z
    .string({ error: ({ input }) => (input === undefined ? 'name is required' : 'name must be a string') })
    .check(
      ...visibleText('name', minNameLength, maxNameLength, () => new RegExp(`^${nameForm(nameCharacters)}$`, 'u')),
    ),
);
