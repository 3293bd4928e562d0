import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Block, blocksOf, read, root } from '../../support/documents';
import { copyProject } from '../../support/project-copy';

// The changes in docs/adding-a-field.md are made in a copy of the project, which then has to compile.

const document = 'docs/adding-a-field.md';
const blocks = blocksOf(document);
const changes = blocks.filter(({ language }) => language === 'ts');

jest.setTimeout(60_000);

const project = mkdtempSync(join(tmpdir(), 'satori-keys-'));
beforeAll(() => {
  copyProject(project);
  writeFileSync(join(project, 'tsconfig.lambda.json'), '{ "extends": "./tsconfig.json", "include": ["lambda"] }');
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
});
afterAll(() => rmSync(project, { recursive: true }));

function compile(changed: readonly Block[], configuration = 'tsconfig.json'): string {
  const files = new Set<string>();
  for (const { heading, text } of changed) {
    const name = /`(.+)`/.exec(heading)?.[1] ?? '';
    const file = join(project, name);
    writeFileSync(file, applied(text, readFileSync(file, 'utf8')));
    files.add(name);
  }
  const tsc = join(root, 'node_modules/.bin/tsc');
  const { stdout } = spawnSync(tsc, ['-p', configuration, '--pretty', 'false'], { cwd: project, encoding: 'utf8' });
  for (const name of files) copyFileSync(join(root, name), join(project, name));
  return stdout;
}

/**
 * A source with the changes of an excerpt. A line with the field replaces the line that differs in the field only. Other
 * lines that the source lacks are added where they stand in the excerpt; `// …` stands for unchanged lines, after which they
 * come.
 */
function applied(excerpt: string, source: string): string {
  const lines = source.split('\n');
  let added: string[] = [];
  let at = -1;
  let unchanged = false;
  const indentation = (index: number) => lines[index]?.search(/\S/) ?? -1;
  const find = (text: string) => lines.findIndex((line, index) => index > at && line.trim() === text);
  for (const line of excerpt.split('\n').filter((one) => one.trim() !== '')) {
    if (line.trim() === '// …') {
      unchanged = true;
      continue;
    }
    const same = find(line.trim());
    const without = find(line.trim().replaceAll(/, color(: [\w.]+\(\w+\))?/g, ''));
    if (same < 0 && without < 0) {
      const level = indentation(at + 1);
      while (unchanged && indentation(at + 1) >= level) at += 1;
      unchanged = false;
      if (at < 0) added.push(line);
      else lines.splice(++at, 0, line);
      continue;
    }
    unchanged = false;
    at = same < 0 ? without : same;
    if (same < 0) lines[at] = line;
    lines.splice(at, 0, ...added);
    at += added.length;
    added = [];
  }
  if (added.length > 0) throw new Error(`No place for:\n${excerpt}`);
  return lines.join('\n');
}

/** The compiler's errors in the document, in its order. `…` stands for what it leaves out. */
const cited = [...read(document).matchAll(/error (TS\d+: .+)|`(TS\d+: [^`]+)`/g)].map(([, inBlock, inline = '']) => {
  const parts = (inBlock ?? inline.replaceAll('\\|', '|'))
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.*'));
});

const startsWith = (start: string) => (change: Block) => change.text.startsWith(start);
const item = startsWith('export const keyItem');
const view = startsWith('export const keyView');
const input = startsWith('  .mutation');
const creation = startsWith('export interface KeyRequest');
const except = (left: (change: Block) => boolean) => changes.filter((change) => !left(change));
/** The changes without that of `viewOf`. */
const withoutViewOf = () =>
  changes.map((change) => (view(change) ? { ...change, text: change.text.split('export function')[0] ?? '' } : change));

it('compiles with all changes', () => {
  expect(changes).toHaveLength(5);
  expect(compile(changes)).toBe('');
});

it.each([
  ['only keyItem is changed', () => changes.filter(item), cited.slice(0, 2)],
  ['viewOf is forgotten', withoutViewOf, cited.slice(2, 3)],
  ['keyItem is forgotten', () => except(item), cited.slice(3, 4)],
  ['the creation is forgotten', () => except(creation), cited.slice(4, 5)],
  ['passing the field on is forgotten', () => except(input), cited.slice(5)],
])('has the errors of the document when %s', (_what, changed, expected) => {
  expect(cited).toHaveLength(6);
  const errors = compile(changed(), 'tsconfig.lambda.json');
  for (const error of expected) expect(errors).toMatch(error);
});
