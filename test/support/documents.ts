import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(__dirname, '..', '..');

const markdownIn = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${folder}/${file}`);

/** The documents whose code blocks and commands are tested. */
export const documents = ['README.md', 'SECURITY.md', ...markdownIn('docs'), ...markdownIn('examples')];

export interface Block {
  readonly document: string;
  /** The heading above it, without `#`. */
  readonly heading: string;
  /** `bash`, `ts` and so on, or empty. */
  readonly language: string;
  /** Without the indentation of the list that contains it. */
  readonly text: string;
}

export const read = (document: string) => readFileSync(join(root, document), 'utf8');

const fence = /^( *)```(\w*)\n([\s\S]*?)^\1```$/gm;

/** The fenced code blocks of a document. */
export function blocksOf(document: string): Block[] {
  const markdown = read(document);
  return [...markdown.matchAll(fence)].map(({ index, 1: indent = '', 2: language = '', 3: lines = '' }) => {
    const heading =
      /^#+ (.+)$/.exec(
        markdown
          .slice(0, index)
          .match(/^#+ .+$/gm)
          ?.at(-1) ?? '',
      )?.[1] ?? '';
    return { document, heading, language, text: lines.replaceAll(new RegExp(`^${indent}`, 'gm'), '') };
  });
}

/** A document without its fenced code blocks. */
export const proseOf = (document: string) => read(document).replaceAll(fence, '');

/** The inline code of a document. */
export const codeOf = (document: string) =>
  [...proseOf(document).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);

/** The command lines among the inline code of a document. */
export const inlineCommandsOf = (document: string) =>
  codeOf(document).filter((code) => /^([A-Z_]+=\S* )*(npm|npx|cdk|aws|curl|gh) \S/.test(code));

/** The one block of a document that starts with a text. @throws Error if there is none, or more than one. */
export function blockOf(document: string, start: string): Block {
  const [block, ...more] = blocksOf(document).filter(({ text }) => text.startsWith(start));
  if (!block || more.length > 0) throw new Error(`${document} has ${more.length + (block ? 1 : 0)} blocks “${start}”`);
  return block;
}

/** A command that a document contains as inline code. @throws Error if it does not. */
export function inlineCommand(document: string, command: string): string {
  if (!codeOf(document).includes(command)) throw new Error(`${document} does not contain \`${command}\``);
  return command;
}
