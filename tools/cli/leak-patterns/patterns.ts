import { secretBody } from '../../../lambda/keys/secret';

// The patterns with which scanners find keys, from the form of a key. RE2 and Hyperscan, which some scanners use, have no
// look-around and no back-references.

/** Samples have fewer bits per character than keys (Shannon). */
const minEntropy = 4;

/** A scanner's name, by which --format selects it. */
export const formats = ['gitleaks', 'trufflehog', 'github'] as const;
export type Format = (typeof formats)[number];

export interface PatternOptions {
  /** The prefixes of keys; at least one. */
  readonly prefixes: readonly string[];
  /** The name of the pattern, of lower-case letters, digits and `_`. */
  readonly name: string;
}

/** A regular expression for a key and nothing around it. */
export function secretFormat(prefixes: readonly string[]): string {
  const [first, ...more] = prefixes;
  const prefix = more.length === 0 ? first : `(?:${prefixes.join('|')})`;
  return prefix + secretBody.source.replace(/[()^$]/g, '');
}

/** The key, as group 1, where no character before or after it belongs to it. */
const boundedFormat = (prefixes: readonly string[]) => `\\b(${secretFormat(prefixes)})(?:[^0-9A-Za-z_-]|$)`;

/** Texts of which each key contains one. A scanner looks for them before it applies the expression. */
function keywordsOf(prefixes: readonly string[]): string[] {
  const starts = prefixes.map((prefix) => `${prefix}_`);
  return starts.filter((start) => !starts.some((other) => other !== start && start.includes(other)));
}

/** The configuration of one scanner, as text. */
export function patternFor(format: Format, { prefixes, name }: PatternOptions): string {
  const keywords = keywordsOf(prefixes);
  const id = name.replaceAll('_', '-');
  switch (format) {
    case 'gitleaks':
      return `[extend]
useDefault = true

[[rules]]
id = "${id}"
description = "API key"
regex = '''${boundedFormat(prefixes)}'''
secretGroup = 1
entropy = ${minEntropy}
keywords = [${keywords.map((keyword) => `"${keyword}"`).join(', ')}]`;
    case 'trufflehog':
      return `detectors:
  - name: ${id}
    keywords: [${keywords.join(', ')}]
    regex:
      key: '${boundedFormat(prefixes)}'`;
    case 'github':
      return `name: ${name}
secret format: ${secretFormat(prefixes)}
before and after the secret: GitHub's default, the edge of the text or a character that is not a letter or digit`;
  }
}

/** All patterns, as markdown. */
export function patternsDocument(options: PatternOptions): string {
  const block = (format: Format, language: string) => `\`\`\`${language}\n${patternFor(format, options)}\n\`\`\``;
  return [
    '**gitleaks**, `.gitleaks.toml`:',
    block('gitleaks', 'toml'),
    '**TruffleHog**, a custom detector (`--config`):',
    block('trufflehog', 'yaml'),
    '**GitHub**, a [custom pattern](https://docs.github.com/en/code-security/reference/secret-security/custom-patterns) of your organization, or its partner program:',
    block('github', ''),
  ].join('\n\n');
}
