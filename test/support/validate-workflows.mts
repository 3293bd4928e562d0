/**
 * Validates the workflows of this repository with GitHub's language service, and prints each problem on one line.
 * It is a separate script because Jest cannot load the service, an ES module that imports JSON.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { registerLogger, validate } from '@actions/languageservice';

const folder = '.github/workflows';
const read = (path: string) => readFileSync(path, 'utf8');

function problemsOf(uri: string, text: string) {
  const document = { uri, getText: () => text } as Parameters<typeof validate>[0];
  // The service calls this for a reusable workflow, to check its inputs and outputs.
  const getFileContent = async (reference: object) => {
    if (!('path' in reference) || 'repository' in reference) throw new Error('Only local workflows');
    const name = String(reference.path);
    return { name, content: read(name) };
  };
  return validate(document, { fileProvider: { getFileContent } });
}

// If the service itself fails, it only writes to its log.
const print = (problem: string) => console.log(problem);
registerLogger({ error: print, warn: print, info: print, log: print });
const broken = read(`${folder}/deploy.yml`).replace('dev.outputs.deployed', 'dev.outputs.unknown');
if ((await problemsOf('deploy.yml', broken)).length !== 1)
  print('The language service does not report an unknown output.');

for (const file of readdirSync(folder)) {
  const path = `${folder}/${file}`;
  for (const { message, range } of await problemsOf(path, read(path))) {
    print(`${file}:${range.start.line + 1} ${message}`);
  }
}
