import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildRecordFile, buildRecordFor } from '../../../../local/console/dist';
import { ConsolePage as BuiltPage } from '../../../../local/console/page';
import { type LoopbackServer, listen } from '../../../../local/loopback';

const root = join(__dirname, '..', '..', '..', '..');

/** Builds the console with these settings, as `npm run console:build` does. */
export function buildPage(settings: Readonly<Record<string, string>>): BuiltPage {
  const folder = mkdtempSync(join(tmpdir(), 'satori-keys-console-'));
  const env = { ...process.env, NODE_ENV: 'production', VITE_API_URL: '', VITE_CLERK_PUBLISHABLE_KEY: '', ...settings };
  const command = ['node_modules/vite/bin/vite.js', 'build', 'console', '--outDir', folder];
  execFileSync('node', command, { cwd: root, env, stdio: 'pipe' });
  writeFileSync(join(folder, buildRecordFile), JSON.stringify(buildRecordFor(env)));
  const page = new BuiltPage(folder);
  rmSync(folder, { recursive: true });
  return page;
}

/**
 * Serves the page at the first port that is free. 0 is any free port.
 * @param others answers requests for other paths. Default: 404.
 */
export async function servePage(
  page: BuiltPage,
  [port = 0, ...otherPorts]: number[],
  others: RequestListener = (_request, response) => response.writeHead(404).end(),
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    if (!page.answer(request, response)) others(request, response);
  });
  return await listen(server, port).catch((error) => {
    if (error.code !== 'EADDRINUSE' || otherPorts.length === 0) throw error;
    return servePage(page, otherPorts, others);
  });
}
