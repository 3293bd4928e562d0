import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blockOf } from '../../support/documents';
import { startLocalProcess } from '../../support/local-process';
import { copyProject } from '../../support/project-copy';

jest.setTimeout(600_000);
const [start = '', test = ''] = [...blockOf('README.md', 'npm ci &&').text.matchAll(/^npm ci && npm (\w+)/gm)].map(
  ([, command]) => command,
);

// npm 10.7 is older than that of Node 20.16, the oldest version in `engines`. npm 11 is the newest.
describe.each(['10.7.0', '11.19.1'])('a new clone with npm %s', (version) => {
  const temporary = mkdtempSync(join(tmpdir(), 'satori-keys-clone-'));
  const project = join(temporary, 'project');
  const ran = join(temporary, 'ran');
  const npm = ['npx', '--yes', `npm@${version}`] as const;
  // Settings of the npm that runs this test would apply to the other one too.
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const run = (...words: string[]) =>
    execFileSync(npm[0], [...npm.slice(1), ...words], {
      cwd: project,
      env: Object.fromEntries(kept),
      encoding: 'utf8',
      stdio: 'pipe',
    });
  beforeAll(() => copyProject(project));
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  it('npm ci runs no script of any package', () => {
    // npm runs every script with this shell.
    const shell = join(temporary, 'shell');
    writeFileSync(shell, `#!/bin/sh\necho "$PWD $*" >> '${ran}'\nexec sh "$@"\n`);
    chmodSync(shell, 0o755);
    run('ci', '--no-audit', '--prefer-offline', `--script-shell=${shell}`);
    expect(existsSync(ran)).toBe(false);
  });

  it('npm start needs nothing else: it bundles the function, builds the page and creates a key', async () => {
    const local = await startLocalProcess({ command: [...npm, start], cwd: project });
    try {
      const page = await fetch(`${local.url}/`);
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect((await local.create({ name: 'Production Key' }, await local.token())).status).toBe(200);
    } finally {
      process.kill(-(local.child.pid ?? 0), 'SIGINT');
      await local.stop();
    }
  });

  it('npm test needs nothing else: it checks types and format, and runs tests', () => {
    run(test, '--', 'test/lambda/keys/create.test.ts');
  });
});
