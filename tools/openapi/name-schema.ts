import { maxNameLength, minNameLength, nameCharacters, nameForm } from '../../lambda/keys/name';

/** What `trim` removes: https://tc39.es/ecma262/#prod-WhiteSpace and https://tc39.es/ecma262/#prod-LineTerminator */
const trimmed = String.raw`[\t\n\v\f\r\p{Zs}\u2028\u2029\uFEFF]`;

/**
 * The rule of `name` as JSON Schema. Regular expressions of other languages do not have all the properties that the rule
 * uses, so the patterns list characters by range. They differ from the rule in two points. They count characters before
 * the normalization to NFC. And they do not exclude lone surrogates, which some languages cannot name; JSON in UTF-8
 * has them only as escapes.
 */
export function nameSchema() {
  const { blank, joiner, selector, visible } = nameCharacters;
  const form = nameForm({
    blank: listed(blank),
    joiner: listed(joiner),
    selector: listed(selector),
    visible: listed(visible),
  });
  const space = listed(trimmed);
  const other = listed(trimmed.replace('[', '[^'));
  return {
    pattern: `^${space}*${form}${space}*$`,
    // The length has a pattern of its own. In the same pattern it would need a lookahead, which not all languages have.
    allOf: [{ pattern: `^${space}*${other}[\\s\\S]{${minNameLength - 2},${maxNameLength - 2}}${other}${space}*$` }],
    description: `${minNameLength} to ${maxNameLength} code points after trimming and normalization to NFC. Control characters, line separators, and characters that hide or reorder text are rejected`,
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

/** `\uXXXX`, which languages have in common. They differ in the escape of larger code points, so those stay as they are. */
const escaped = (code: number) =>
  code > 0xffff ? String.fromCodePoint(code) : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
