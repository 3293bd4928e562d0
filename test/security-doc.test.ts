import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const doc = read('docs/security.md');

/** The rows of a section's table, without its head. */
function rowsOf(heading: string): string[] {
  const section = doc.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
}
const cellsOf = (row: string) =>
  row
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());

/** What a text names of tests: `file` “title” “title”. */
const testsIn = (text: string) =>
  [...text.matchAll(/`(test\/[^`]+)`((?: “[^”]+”)+)/g)].flatMap(([, file = '', titles = '']) =>
    [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']): [string, string] => [file, title]),
  );

const threats = rowsOf('Who, what, and what stops it').map(cellsOf);
const holders = (row: string[]) => /^\*\*(.+?)\*\*/.exec(row[0] ?? '')?.[1] ?? [];

it('the threat model has somebody for each way in', () => {
  expect(threats.flatMap(holders)).toEqual([
    'A passer-by',
    'A signed-in user',
    'A holder of a key',
    'A holder of a stolen session token',
    'Somebody who reads the logs',
    'Somebody who reads the table',
    'Somebody with the Clerk dashboard',
    'A compromised API',
    'A compromised dependency',
    "An operator's mistake",
    "GitHub Actions' deploy role",
    'A deleted user',
  ]);
});

it('says of each threat what stops it, and shows it by a test', () => {
  for (const row of threats) {
    expect(row).toEqual([expect.any(String), ...Array(3).fill(expect.stringMatching(/\S/))]);
    expect({ row, tests: testsIn(row[3] ?? '').length }).not.toEqual({ row, tests: 0 });
  }
});

it.each(testsIn(doc))('%s has the test “%s”', (file, title) => {
  const source = existsSync(join(root, file)) ? read(file) : 'no such file';
  // The whole title, so that a test which now promises something else is not taken for it.
  const quoted = [`'${title}'`, `"${title}"`, `\`${title}\``];
  expect({ file, title, found: quoted.some((text) => source.includes(text)) }).toEqual({
    file,
    title,
    found: true,
  });
});

it('names no test file without the test that is meant', () => {
  const named = [...doc.matchAll(/`(test\/[^`]+)`/g)].map(([, file]) => file);
  expect(new Set(named)).toEqual(new Set(testsIn(doc).map(([file]) => file)));
});

it('says what is not stopped, and what helps', () => {
  const rows = rowsOf('What is not stopped').map(cellsOf);
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) expect(row).toEqual(Array(3).fill(expect.stringMatching(/\S/)));
});

/** The anchors that GitHub makes of a page's headings. */
const anchorsOf = (file: string) =>
  [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );

it.each(['docs/security.md', 'SECURITY.md'])('%s leads to what is there', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https:)([^)#]+)(?:#([^)]+))?\)/g)];
  expect(links.length).toBeGreaterThan(1);
  for (const [link, path = '', anchor] of links) {
    const file = join(dirname(page), path);
    expect({ link, there: existsSync(join(root, file)) }).toEqual({ link, there: true });
    if (anchor) expect(anchorsOf(file)).toContain(anchor);
  }
});
