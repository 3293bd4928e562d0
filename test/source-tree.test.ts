import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(__dirname, '..');
const folders = ['bin', 'console', 'examples', 'lib', 'lambda', 'local', 'tools'];
const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('node_modules'))
    .map((file) => join(folder, file)),
);
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** What a file imports: another folder of the tree by its path, a package by its name. */
function importsOf(file: string): string[] {
  const specifiers = [...read(file).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    (match) => match[1] ?? '',
  );
  return specifiers.map((specifier) =>
    specifier.startsWith('.') ? relative(root, join(root, dirname(file), specifier)) : specifier,
  );
}

/** Who may not import what; the first match of a file's path and an import's is a breach. */
const forbidden: [from: RegExp, what: RegExp, why: string][] = [
  [/^lib\//, /^(lambda|local|test|tools)\//, 'the stack knows names of the function, not its code'],
  [/^lib\//, /^(@clerk|@trpc|@aws-sdk|zod)\b/, 'the stack talks to nobody'],
  [/^lambda\//, /^(lib|bin|local|test|tools)\//, 'the bundle holds what Lambda needs and nothing else'],
  [/^lambda\//, /^(aws-cdk-lib|constructs)\b/, 'the bundle holds what Lambda needs and nothing else'],
  [/^lambda\//, /^zod$/, 'zod/mini does, at a third of the size, as each message that a caller sees is ours'],
  [/^lambda\/http\//, /^(@clerk|@aws-sdk\/(?!client))/, 'Clerk’s types stay behind the services'],
  [/^lambda\/shared\//, /^lambda\/(http|keys|authorizer)\//, 'data flows from the entry to the services'],
  [/^lambda\/shared\//, /^lambda\/clerk\//, 'data flows from the entry to the services'],
  [/^(bin|examples|local)\//, /^(test|tools)\//, 'nothing imports tests or tools'],
  [/^bin\//, /^(lambda|local)\//, 'a deployment needs the stack alone'],
  [/^(bin|examples|lambda|lib|local|tools)\//, /^console\//, 'the service is whole without its page'],
  [
    /^console\//,
    /^(bin|examples|lib|local|tools|test|types|lambda\/(?!(http\/client|keys\/name)$))/,
    'the page knows the API by its types and the rule for a name, as any app would',
  ],
  [/^tools\/cli\/smoke/, /^(?!node:|tools\/cli\/)/, 'it knows the service by its contract, as a caller does'],
];

it('knows its files', () => {
  expect(files).toContain('lambda/keys/create.ts');
  expect(importsOf('lambda/keys/create.ts')).toEqual(['zod/mini', 'lambda/http/trpc', 'lambda/keys/name']);
});

it.each(forbidden)('%s never imports %s: %s', (from, what) => {
  const breaches = files
    .filter((file) => from.test(file))
    .flatMap((file) =>
      importsOf(file)
        .filter((name) => what.test(name))
        .map((name) => `${file} imports ${name}`),
    );
  expect(breaches).toEqual([]);
});

it('takes from the API’s types nothing that runs in a browser', () => {
  const values = files.filter(
    (file) =>
      file.startsWith('console/') && /import (?!type )[^;]*from '[^']*lambda\/http\/client'/.test(read(file)),
  );
  expect(files).toContain('console/src/api.ts');
  expect(values).toEqual([]);
});

it('has no file over 200 lines', () => {
  expect(files.filter((file) => read(file).split('\n').length > 200)).toEqual([]);
});

it('reads process.env in Lambda at the entries only', () => {
  const readers = files.filter((file) => file.startsWith('lambda/') && read(file).includes('process.env'));
  expect(readers.sort()).toEqual(['lambda/authorizer/handler.ts', 'lambda/http/handler.ts']);
});
