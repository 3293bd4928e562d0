import { descriptionForm, maxDescriptionLength } from '../../lambda/keys/input';
import { maxNameLength, minNameLength, type NameCharacters, nameCharacters, nameForm } from '../../lambda/keys/name';

/** What `trim` removes: https://tc39.es/ecma262/#prod-WhiteSpace and https://tc39.es/ecma262/#prod-LineTerminator */
const trimmed = String.raw`[\t\n\v\f\r\p{Zs}\u2028\u2029\uFEFF]`;

// The rules of `name` and `description` as JSON Schema. Regular expressions of other languages do not have all the
// properties that the rules use, so the patterns list characters by range. They differ from the rules in two points.
// They count characters before the normalization to NFC. And they do not exclude lone surrogates, which some languages
// cannot name; JSON in UTF-8 has them only as escapes.

const rejected = 'Control characters, line separators, and characters that hide or reorder text are rejected';

/** The characters of a name, listed by range. */
function listedCharacters(): NameCharacters {
  const { blank, joiner, selector, visible } = nameCharacters;
  return { blank: listed(blank), joiner: listed(joiner), selector: listed(selector), visible: listed(visible) };
}

/** The pattern of a text in blanks, which are trimmed. */
function inBlanks(form: string): string {
  const space = listed(trimmed);
  return `^${space}*${form}${space}*$`;
}

/** A character that is not trimmed. */
const other = () => listed(trimmed.replace('[', '[^'));

export function nameSchema() {
  return {
    pattern: inBlanks(nameForm(listedCharacters())),
    // The length has a pattern of its own. In the same pattern it would need a lookahead, which not all languages have.
    allOf: [{ pattern: inBlanks(`${other()}[\\s\\S]{${minNameLength - 2},${maxNameLength - 2}}${other()}`) }],
    description: `${minNameLength} to ${maxNameLength} code points after trimming and normalization to NFC. ${rejected}`,
  };
}

export function descriptionSchema() {
  return {
    pattern: inBlanks(descriptionForm(listedCharacters())),
    allOf: [{ pattern: inBlanks(`(?:${other()}(?:[\\s\\S]{0,${maxDescriptionLength - 2}}${other()})?)?`) }],
    description: `At most ${maxDescriptionLength} code points after trimming and normalization to NFC. ${rejected}. Line breaks are allowed`,
  };
}

/** The same character class with its characters listed by range, without properties. */
function listed(characterClass: string): string {
  const [, opening = '', content = ''] = /^(\[\^?)(.*)\]$/.exec(characterClass) ?? [];
  const contains = new RegExp(`^[${content}]$`, 'u');
  const ranges: [first: number, last: number][] = [];
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const isSurrogate = code >= 0xd800 && code <= 0xdfff;
    if (isSurrogate || !contains.test(String.fromCodePoint(code))) continue;
    const range = ranges.at(-1);
    if (range?.[1] === code - 1) range[1] = code;
    else ranges.push([code, code]);
  }
  const shown = ranges.map(([first, last]) => (first === last ? escaped(first) : `${escaped(first)}-${escaped(last)}`));
  return `${opening}${shown.join('')}]`;
}

/** Writes `\uXXXX`, which all these languages accept. Each has another escape for larger code points, so those stay as text. */
const escaped = (code: number) =>
  code > 0xffff ? String.fromCodePoint(code) : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
