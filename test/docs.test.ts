import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { scripts } from '../package.json';
import { blockChecks, type Check, commandChecks, languageChecks } from './support/document-checks';
import {
  type Block,
  blockOf,
  blocksOf,
  codeOf,
  documents,
  inlineCommandsOf,
  proseOf,
  read,
  root,
} from './support/documents';

jest.setTimeout(60_000);

const checksOf = ({ document, language, text }: Block): [string, Check][] => {
  const listed = Object.entries(blockChecks[document] ?? {}).filter(([start]) => text.startsWith(start));
  const byLanguage = languageChecks[language];
  return listed.length > 0 || !byLanguage ? listed : [[language, byLanguage]];
};
const blocks = documents.flatMap(blocksOf);
const withCheck = (check: Check) => blocks.filter((block) => checksOf(block).some(([, known]) => known === check));
const shells = blocks.filter(({ language }) => language === 'bash');

/** Each line of a shell block, and each inline command, with its document. */
const commands = documents.flatMap((document) => [
  ...shells.filter((block) => block.document === document).map(({ text }) => ({ document, command: text })),
  ...inlineCommandsOf(document).map((command) => ({ document, command })),
]);

describe('every code block', () => {
  it.each(blocks.map((block) => [block.document, block.heading, block.text.split('\n')[0], block] as const))(
    'is tested: %s, %s, %s',
    (_document, _heading, _line, block) => {
      expect(checksOf(block)).toHaveLength(1);
    },
  );

  it('that is listed exists', () => {
    for (const [document, checks] of Object.entries(blockChecks)) {
      for (const start of Object.keys(checks)) expect(blockOf(document, start).text).toContain(start);
    }
  });
});

describe('every inline command', () => {
  const known = (command: string) =>
    /^(npm (ci|start|test|audit|run [\w:-]+)|(npx )?cdk .+|npx tsc|aws .+)$/.test(command);
  const others = commands.filter(({ command }) => !command.includes('\n') && !known(command));

  it.each(others)('is tested: $document, $command', ({ command }) => {
    expect(Object.keys(commandChecks)).toContain(command);
  });

  it('that is listed exists', () => {
    const missing = Object.keys(commandChecks).filter((command) => !others.some((other) => other.command === command));
    expect(missing).toEqual([]);
  });
});

it('a test that is named exists', () => {
  const all = [
    ...Object.values(commandChecks),
    ...Object.values(blockChecks).flatMap((checks) => Object.values(checks)),
  ];
  const named = all.flatMap((check) => (typeof check === 'object' && 'test' in check ? [check.test] : []));
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

describe.each(documents)('%s', (document) => {
  const texts = commands.filter((one) => one.document === document).map(({ command }) => command);
  const all = (pattern: RegExp) => texts.flatMap((text) => [...text.matchAll(pattern)].map(([, found = '']) => found));

  it('names only scripts of package.json', () => {
    expect(all(/\bnpm run ([\w:-]+)/g).filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('sets only context that an app reads', () => {
    const apps = [
      'bin/satori-keys.ts',
      ...readdirSync(join(root, 'examples')).map((name) => `examples/${name}/app.ts`),
    ];
    const readNames = apps.flatMap((app) =>
      [...read(app).matchAll(/tryGetContext\('(\w+)'\)/g)].map(([, name]) => name),
    );
    expect(all(/ -c (\w+)=/g).filter((name) => !readNames.includes(name))).toEqual([]);
  });

  it('names only files that exist', () => {
    const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const isPath = (word: string) => folders.some(({ name }) => word.startsWith(`${name}/`)) && /^[\w./-]+$/.test(word);
    const built = /^(console\/dist|cdk\.out|dist|node_modules)\b/;
    const words = [...codeOf(document), ...texts].flatMap((text) => text.split(/[\s'"]+/));
    const paths = words.filter((word) => isPath(word) && !built.test(word));
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('links only to files and headings that exist', () => {
    const links = [...proseOf(document).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    const broken = links.filter(([, file = '', anchor]) => {
      const path = file ? join(dirname(document), file) : document;
      return !existsSync(join(root, path)) || (anchor !== undefined && !anchorsOf(path).includes(anchor));
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  // $BASE is the output ApiUrl: without a path.
  it('adds a path of the API to $BASE', () => {
    const uses = [...read(document).matchAll(/\$BASE(\/\w+)?/g)].map(([, path]) => path);
    // The last one is meant to be unknown.
    const paths = [undefined, '/trpc', '/health', '/openapi', '/webhooks', '/dev', '/other'];
    expect(uses.filter((path) => !paths.includes(path))).toEqual([]);
    expect(read(document)).not.toMatch(/\bBASE=\S*\/trpc/);
  });

  it('lets curl fail where its answer becomes a value', () => {
    expect(all(/\$\((curl (?!(-\w*f|--fail)).*)/g)).toEqual([]);
  });
});

/** The anchors of the headings of a document, as GitHub makes them. */
const anchorsOf = (document: string) =>
  (proseOf(document).match(/^#+ .+$/gm) ?? []).map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

it.each(shells.map((block) => [block.document, block.text] as const))(
  'bash can read a block of %s: %s',
  (_document, text) => {
    expect(spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  },
);

it.each(withCheck('json'))('JSON of $document, $heading', ({ text }) => {
  expect(() => JSON.parse(text)).not.toThrow();
});

/** What the text of docs/verifying.md provides. */
const verifying = {
  keys: "declare const keys: import('satori-keys/verify').ApiKeyVerifier;",
  request: `declare const tableName: string, usesTableName: string, request: Request;
declare function refuse(code: import('satori-keys/verify').RefusalCode, seconds: number | undefined): Response;`,
  // Of Express, which this project does not install.
  express: `type Handler = (req: import('node:http').IncomingMessage & Express.Request,
  res: import('node:http').ServerResponse & { json(body: unknown): void }, next: (error?: unknown) => void) => unknown;
declare const app: { get(path: string, ...handlers: Handler[]): void };`,
};

/** A block whose statements are in a function, except for what it imports and exports. */
function functionAfterImports(declared: string, block: string): string {
  const [imports = '', ...statements] = block.split('\n\n');
  const text = statements.join('\n\n');
  const body = text.includes('export ') ? text : `export async function run() {\n${text}\n}`;
  return `${imports}\n${declared}\n${body}`;
}

/** What the text around a block provides, by the start of the block. */
const contexts: Readonly<Record<string, (block: string) => string>> = {
  'import { createTRPCClient': (block) => `declare function getToken(): Promise<string>;\n${block}`,
  'import { useClerk': (block) => `declare const client: import('satori-keys/react').ApiKeysClient;\n${block}`,
  'import { ApiKeyAuthorizer }': (block) => {
    const [imports, statements = ''] = block.split('\n\n');
    return `${imports}
import { Stack } from 'aws-cdk-lib';
import { type HttpApi, HttpMethod, type HttpRouteIntegration } from 'aws-cdk-lib/aws-apigatewayv2';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Topic } from 'aws-cdk-lib/aws-sns';
declare const api: HttpApi, integration: HttpRouteIntegration;
declare const tableName: string, usesTableName: string, alarmTopicArn: string;
export class Guarded extends Stack {
  define() {
    ${statements}
  }
}`;
  },
  ...Object.fromEntries(
    [
      ['import { createKeyVerifier }', verifying.request],
      ['import { Hono }', verifying.keys],
      ["import { requireApiKey } from 'satori-keys/verify/express'", `${verifying.keys}${verifying.express}`],
      ['import fastify', verifying.keys],
      ["import { withApiKey } from 'satori-keys/verify/next'", verifying.keys],
      ['import { initTRPC }', verifying.keys],
      ["import { withApiKey } from 'satori-keys/verify/lambda'", verifying.keys],
    ].map(([start = '', declared = '']) => [start, (block: string) => functionAfterImports(declared, block)]),
  ),
  'maxWriteUnits:': (block) =>
    `import type { StageValues } from '${root}/lib/stages/schema';\nexport const part: Partial<StageValues> = {${block}};`,
};

it('the TypeScript blocks compile with what the package exports', () => {
  const project = mkdtempSync(join(tmpdir(), 'satori-keys-'));
  try {
    const types = withCheck('types');
    for (const [index, { text, language }] of types.entries()) {
      const [, context] = Object.entries(contexts).find(([start]) => text.startsWith(start)) ?? [];
      writeFileSync(join(project, `block-${index}.${language}`), context?.(text) ?? text);
    }
    linkPackages(join(project, 'node_modules'));
    // A block shows values and parameters that it does not use itself.
    const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false, noImplicitReturns: false };
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: ['.'] }),
    );
    const tsc = join(root, 'node_modules/.bin/tsc');
    const { stdout } = spawnSync(tsc, ['--pretty', 'false'], { cwd: project, encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(types.length).toBeGreaterThan(3);
  } finally {
    rmSync(project, { recursive: true });
  }
});

/** Installs this project, and the packages that it uses, into a folder. */
function linkPackages(folder: string): void {
  mkdirSync(folder);
  for (const name of readdirSync(join(root, 'node_modules'))) {
    symlinkSync(join(root, 'node_modules', name), join(folder, name));
  }
  symlinkSync(root, join(folder, 'satori-keys'));
}
