import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (file: string) => readFileSync(join(__dirname, '..', file), 'utf8');
const doc = read('docs/security.md');
const threats = doc.split('\n').filter((line) => /^\| (\*\*.+)?\| to /.test(line));

/** The tests that a text names: `file` followed by “title” “title”. */
const testsIn = (text: string) =>
  [...text.matchAll(/`(test\/[^`]+)`((?: “[^”]+”)*)/g)].map(([, file = '', titles = '']) => ({
    file,
    titles: [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title),
  }));

it.each(threats)('names a test: %s', (row) => {
  expect(testsIn(row)).not.toEqual([]);
});

it.each(testsIn(doc))('$file contains the named tests', ({ file, titles }) => {
  expect(existsSync(join(__dirname, '..', file))).toBe(true);
  expect(titles).not.toEqual([]);
  const quoted = titles.map((title) => [`'${title}'`, `"${title}"`, `\`${title}\``]);
  expect(quoted.filter((forms) => !forms.some((form) => read(file).includes(form)))).toEqual([]);
});
