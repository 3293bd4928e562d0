import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import document from '../../../lambda/http/openapi.json';
import { type LocalProcess, startLocalProcess } from '../../support/local-process';
import { virtualEnvironment } from '../emulator/virtual-environment';

/** How long the fuzzer runs, in seconds, and the seed of its random requests. */
const { FUZZ_SECONDS = '120', FUZZ_SEED = '1' } = process.env;

const python = join(virtualEnvironment('schemathesis', __dirname), 'bin', 'python');
const folder = mkdtempSync(join(tmpdir(), 'satori-keys-fuzz-'));
let service: LocalProcess;
beforeAll(async () => {
  service = await startLocalProcess({ script: 'test/deep/fuzz/serve.ts', onLog: () => {} });
}, 60_000);
afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true });
});

/** Runs Schemathesis, which calls the service by its OpenAPI document. https://schemathesis.io */
async function fuzz(): Promise<{ status: number | null; output: string }> {
  const token = await service.token(undefined, `org_${'0'.repeat(27)}`);
  const newKey = async (name: string, owner = 'user'): Promise<{ id: string; secret: string }> =>
    (await service.create({ name, owner }, token)).json();
  const used = await newKey('Used');
  const changed = await newKey('Changed');
  const ended = await newKey('Ended');
  const ofOrganization = await newKey('Shared', 'organization');
  const options = ['--checks', 'all', '--max-time', FUZZ_SECONDS, '--seed', FUZZ_SEED];
  const config = ['--no-color', '--config-file', join(__dirname, 'schemathesis.toml')];
  // It gets none of this process's environment: a proxy or a variable of its own could change the run.
  const env = {
    PATH: process.env.PATH,
    PYTHONPATH: __dirname,
    PYTHONDONTWRITEBYTECODE: '1',
    SESSION_TOKEN: token,
    API_KEY: used.secret,
    CHANGED_ID: changed.id,
    ENDED_KEY: ended.secret,
    ORGANIZATION_KEY_ID: ofOrganization.id,
  };
  const command = ['-m', 'schemathesis.cli', ...config, 'run', `${service.url}/openapi.json`, ...options];
  const child = spawn(python, command, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [status]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { status, output };
}

it(
  'what the OpenAPI document allows is accepted, what it forbids is rejected, and every response is as it says',
  async () => {
    const { status, output } = await fuzz();
    if (status !== 0) console.error(output);
    expect(status).toBe(0);
    const operations = Object.values(document.paths).flatMap((path) => Object.keys(path));
    expect(output).toContain(`Tested: ${operations.length}`);
    // Far below what a slow machine reaches: it only notices a run that hardly sends anything.
    const [, requests] = /(\d+) generated/.exec(output) ?? [];
    expect(Number(requests)).toBeGreaterThan(300);
  },
  (Number(FUZZ_SECONDS) + 60) * 1000,
);
