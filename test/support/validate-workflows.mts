/**
 * Prints what GitHub's own language service finds wrong with the workflows of a repository, one line each.
 * It is an ES module that imports JSON, which tsx can load on every Node and Jest cannot.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { registerLogger, validate } from '@actions/languageservice';

const [root = '.'] = process.argv.slice(2);
const folder = '.github/workflows';
const read = (path: string) => readFileSync(join(root, path), 'utf8');

// The service logs what it stumbles over, and otherwise finds nothing wrong.
const print = (problem: string) => console.log(problem);
registerLogger({ error: print, warn: print, info: print, log: print });

for (const file of readdirSync(join(root, folder)).sort()) {
  const uri = `${folder}/${file}`;
  const document = { uri, getText: () => read(uri) } as Parameters<typeof validate>[0];
  const problems = await validate(document, {
    fileProvider: {
      // A workflow that another one calls: its inputs and outputs.
      getFileContent: async (reference) => {
        if (!('path' in reference) || 'repository' in reference) throw new Error('Only local workflows');
        return { name: reference.path, content: read(reference.path) };
      },
    },
  });
  for (const { message, range } of problems) print(`${file}:${range.start.line + 1} ${message}`);
}
