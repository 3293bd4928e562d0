import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../../../local/loopback';
import { runScript } from '../../support/local-process';

describe('starting with an error', () => {
  it('says in one line that the port is in use, and suggests another', async () => {
    const { port, close } = await serve(async () => {});
    const { status, stderr } = runScript('local/start.ts', { environment: { PORT: String(port) } });
    await close();
    expect(status).toBe(1);
    expect(stderr).toBe(`Port ${port} is in use. Choose another one, for example: PORT=${port + 1} npm start\n`);
  });

  const folder = mkdtempSync(join(tmpdir(), 'satori-keys-test-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const open = join(folder, 'open');
  mkdirSync(open, { mode: 0o755 });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    [
      'a port that is not a number',
      { environment: { PORT: 'http' } },
      'PORT must be a number from 0 (any free port) to 65535, not "http".',
    ],
    [
      'a directory that is a file',
      { args: ['--data', file] },
      `Cannot store records in ${file} (EEXIST). Choose a writable directory with --data DIR.`,
    ],
    [
      'a directory that other users can open',
      { args: ['--data', open] },
      `Other users can open ${open}. Run chmod 700 on it, or choose another --data DIR.`,
    ],
    [
      'an unknown option',
      { args: ['--port', '1'] },
      'Usage: npm start -- [--data DIR] [--clerk-api-url URL]. The environment variable PORT sets the port (default 3000).',
    ],
  ])('prints one line for %s', (_what, options, line) => {
    const { status, stderr } = runScript('local/start.ts', options);
    expect({ status, stderr }).toEqual({ status: 1, stderr: `${line}\n` });
  });
});
