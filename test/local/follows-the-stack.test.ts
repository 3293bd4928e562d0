import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../local/synthesize';
import { theResource } from '../../local/template';
import { runScript, startLocalProcess } from '../support/local-process';

jest.setTimeout(60_000);
const root = join(__dirname, '..', '..');

describe('the local server', () => {
  it('follows an edit of the stack: a new route answers, a changed variable counts', async () => {
    const local = await startLocalProcess({ script: 'test/support/serve-customized.ts' });
    const token = await local.token();
    const response = await fetch(`${local.url}/v2/keys.create`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{"name":"By the new route"}',
    });
    expect(response.status).toBe(200);
    expect((await response.json()).secret).toMatch(/^sk_edited_/);
    await local.stop();
  });

  it('knows no route that the stack does not have', async () => {
    const local = await startLocalProcess();
    const response = await fetch(`${local.url}/v2/keys.create`, { method: 'POST' });
    expect([response.status, await response.text()]).toEqual([404, '{"message":"Not Found"}']);
    await local.stop();
  });
});

describe('npx cdk synth -c stage=prod', () => {
  it('works with no network and no credentials, and uploads the code that npm start serves', () => {
    const output = mkdtempSync(join(tmpdir(), 'satori-keys-synth-'));
    const nowhere = 'http://127.0.0.1:9';
    const { PATH, HOME } = process.env;
    const { status, stderr } = spawnSync('npx', ['cdk', 'synth', '-c', 'stage=prod', '-q', '-o', output], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH, HOME, HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, npm_config_offline: 'true' },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.any(String) });
    const deployed = JSON.parse(readFileSync(join(output, 'satori-keys-prod.template.json'), 'utf8'));
    rmSync(output, { recursive: true });

    const { template: served, remove } = synthesize('local');
    remove();
    const codeOf = (template: typeof served) =>
      theResource(template, 'AWS::Lambda::Function').Properties.Code.S3Key;
    expect(codeOf(served)).toBe(codeOf(deployed));
  });

  it.each([
    ['without a stage', [], 'No stage given'],
    ['with an unknown stage', ['stage=production'], 'Unknown stage "production"'],
  ])('%s is one line that lists the stages', (_what, context, problem) => {
    const { status, stderr } = runScript('bin/satori-keys.ts', {
      environment: {
        CDK_CONTEXT_JSON: JSON.stringify(Object.fromEntries(context.map((entry) => entry.split('=')))),
      },
    });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `${problem}: add -c stage=NAME, where NAME is one of local, dev, staging, prod.\n`,
    });
  });
});

it('npm run demo shows a key’s life beside its item and ends well', () => {
  const { status, stdout } = runScript('local/demo.ts');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^ {2}secret +sk_satori_[\w-]{60} +—$/m);
  expect(stdout).toMatch(/^ {2}secretDigest +— +[0-9a-f]{64}$/m);
  const answers = [...stdout.matchAll(/^ {2}(\d{3}) in \d+ ms: (.)/gm)].map((match) =>
    match.slice(1).join(' '),
  );
  expect(answers).toEqual(['200 {', '200 [', '200 {', '200 {', '401 {', '200 [']);
  expect(stdout.trim().endsWith(': []')).toBe(true);
});
