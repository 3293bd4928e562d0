import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blockOf, root } from '../../support/documents';
import { installFrameworks } from './start';

// The examples of docs/verifying.md for a customer's tests, in a project that has this package.

jest.setTimeout(60_000);

const document = 'docs/verifying.md';
const project = mkdtempSync(join(tmpdir(), 'satori-keys-example-'));
beforeAll(() => {
  installFrameworks();
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(root, join(project, 'node_modules', 'satori-keys'));
  for (const name of ['hono', 'vitest']) {
    symlinkSync(join(__dirname, 'node_modules', name), join(project, 'node_modules', name));
  }
}, 120_000);
afterAll(() => rmSync(project, { recursive: true }));

const app = `import { Hono } from 'hono';
import type { ApiKeyVerifier } from 'satori-keys/verify';
import { requireApiKey } from 'satori-keys/verify/hono';

export const createApp = (keys: ApiKeyVerifier) =>
  new Hono().get('/docs', requireApiKey(keys, { scopes: ['docs:read'] }), (c) => c.text(c.get('apiKey').clerkUserId));
`;

/** Writes a project's files and runs its tests. @returns what they print */
function runTests(files: Record<string, string>, command: string[]): string {
  const folder = mkdtempSync(join(project, 'project-'));
  for (const [name, text] of Object.entries({ 'package.json': '{}', ...files }))
    writeFileSync(join(folder, name), text);
  const [program = '', ...words] = command;
  const env = { PATH: process.env.PATH, CI: 'true', NO_COLOR: '1' };
  try {
    return execFileSync(program, words, { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${stdout}${stderr}`);
  }
}

it('the example for Vitest passes', () => {
  const test = blockOf(document, 'import { createTestKeys }').text;
  const vitest = join(__dirname, 'node_modules/vitest/vitest.mjs');
  const printed = runTests({ 'app.ts': app, 'app.test.ts': test }, ['node', vitest, 'run']);
  expect(printed).toMatch(/Tests +2 passed/);
});

it('the example for Jest passes', () => {
  const keys = `import { createKeyVerifier } from 'satori-keys/verify';\nexport const keys = createKeyVerifier();\n`;
  const files = {
    'app.ts': `${app}import { keys } from './keys';\nexport const app = createApp(keys);\n`,
    'keys.ts': keys,
    'app.test.ts': blockOf(document, 'import type { TestKeys }').text,
    'jest.config.json': JSON.stringify({
      transform: { '\\.ts$': [join(root, 'node_modules/@swc/jest'), { module: { type: 'commonjs' } }] },
      transformIgnorePatterns: [],
      testMatch: ['**/app.test.ts'],
      testPathIgnorePatterns: [],
    }),
  };
  const jestProgram = join(root, 'node_modules/jest/bin/jest.js');
  expect(() => runTests(files, ['node', jestProgram, '--config', 'jest.config.json'])).not.toThrow();
});
