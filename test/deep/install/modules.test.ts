import project from '../../../package.json';
import { App } from './support/app';

// Each subpath, imported and required by plain Node.js.

const subpaths = Object.keys(project.exports);
const modules = subpaths.filter((subpath) => !/\.(json|css)$/.test(subpath));
const named = (subpath: string) => JSON.stringify(`satori-keys${subpath.slice(1)}`);

let app: App;
beforeAll(() => {
  const peers = ['@aws-sdk/client-dynamodb', '@trpc/client', '@trpc/server', 'aws-cdk-lib', 'constructs'];
  peers.push('react', 'react-dom', '@tanstack/react-query');
  app = new App([...peers, 'publint', '@arethetypeswrong/cli']);
});
afterAll(() => app.remove());

/** The names that each subpath exports, as a script that loads all of them prints them. */
function exportsBy(file: string, load: (name: string) => string): Record<string, string[]> {
  const lines = modules.map((subpath) => `found[${JSON.stringify(subpath)}] = Object.keys(${load(named(subpath))});`);
  const script = ['const found = {};', ...lines, 'console.log(JSON.stringify(found));'].join('\n');
  app.write({ [file]: script });
  return JSON.parse(app.run('node', file));
}

it('every subpath can be imported and required, with the same names', () => {
  const required = exportsBy('all.cjs', (name) => `require(${name})`);
  const imported = exportsBy('all.mjs', (name) => `await import(${name})`);
  const sorted = (found: Record<string, string[]>) =>
    Object.fromEntries(Object.entries(found).map(([subpath, names]) => [subpath, names.sort()]));
  expect(sorted(imported)).toEqual(sorted(required));
  expect(required).toMatchObject({
    '.': [],
    './client': ['keysLink'],
    './cdk': expect.arrayContaining(['KeyService', 'ApiKeyAuthorizer', 'grantVerify']),
    './verify': ['createKeyVerifier'],
  });
});

it('the files can be required', () => {
  app.write({
    'files.cjs': `console.log(require('satori-keys/openapi.json').openapi, require('satori-keys/package.json').version)`,
  });
  expect(app.run('node', 'files.cjs')).toMatch(`3.1.${''}`);
});

it('one module is one code: an adapter does not bring a second verifier', () => {
  app.write({
    'one.mjs': `import * as one from 'satori-keys/verify'; import { readFileSync } from 'node:fs';
console.log(readFileSync(new URL(import.meta.resolve('satori-keys/verify/hono')), 'utf8').length < 20_000, typeof one.createKeyVerifier);`,
  });
  expect(app.run('node', 'one.mjs').trim()).toBe('true function');
});

it('publint finds no problem with what is exported', () => {
  expect(app.try('node_modules/.bin/publint', 'node_modules/satori-keys', '--strict')).toMatchObject({ status: 0 });
});

it('Are the types wrong? No, in each way to resolve modules', () => {
  const archive = process.env.SATORI_KEYS_TEST_ARCHIVE ?? '';
  // The oldest way to resolve modules knows no subpaths.
  const words = [archive, '--profile', 'node16', '--no-emoji', '--no-color'];
  // A style sheet has no types.
  words.push('--exclude-entrypoints', 'react/styles.css');
  expect(app.try('node_modules/.bin/attw', ...words)).toMatchObject({ status: 0 });
});
