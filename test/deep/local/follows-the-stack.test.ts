import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../../local/synthesize';
import { resourcesOf } from '../../../local/template';
import { onFixtures, runScript, startLocalProcess } from '../../support/local-process';

jest.setTimeout(60_000);
const root = join(__dirname, '..', '..', '..');

describe('the local server', () => {
  it.each([
    ['serves a route that is added to the stack, with a changed variable', 'test/support/serve-customized.ts', 200],
    ['serves no route that is not in the stack', 'local/start.ts', 404],
  ])('%s', async (_what, script, status) => {
    const local = await startLocalProcess({ script });
    const response = await fetch(`${local.url}/v2/keys.create`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await local.token()}`, 'content-type': 'application/json' },
      body: '{"name":"By the new route"}',
    });
    const secret = expect.stringMatching(/^sk_edited_/);
    expect([response.status, await response.json()]).toEqual([
      status,
      status === 200 ? expect.objectContaining({ secret }) : { message: 'Not Found' },
    ]);
    await local.stop();
  });
});

const listOfStages = 'add -c stage=NAME, where NAME is one of dev, staging, prod.';

describe('npx cdk synth -c stage=prod', () => {
  it('works without network and credentials, and its code is the code that npm start serves', () => {
    const output = mkdtempSync(join(tmpdir(), 'satori-keys-synth-'));
    const nowhere = 'http://127.0.0.1:9';
    const { PATH, HOME } = process.env;
    const { status, stderr } = spawnSync('npx', ['cdk', 'synth', '-c', 'stage=prod', '-q', '-o', output], {
      cwd: root,
      encoding: 'utf8',
      env: {
        PATH,
        HOME,
        NODE_OPTIONS: onFixtures,
        HTTP_PROXY: nowhere,
        HTTPS_PROXY: nowhere,
        npm_config_offline: 'true',
      },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.any(String) });
    const deployed = JSON.parse(readFileSync(join(output, 'satori-keys-prod.template.json'), 'utf8'));
    rmSync(output, { recursive: true });

    const { template: served, remove } = synthesize('local');
    remove();
    const codeOf = (template: typeof served) =>
      resourcesOf(template, 'AWS::Lambda::Function').map(({ Properties }) => Properties.Code.S3Key);
    expect(codeOf(served)).toEqual(codeOf(deployed));
    expect(codeOf(served)).toHaveLength(3);
  });

  it('without a stage has an error that lists the stages, at which deployments stop and a bootstrap does not', () => {
    const output = mkdtempSync(join(tmpdir(), 'satori-keys-synth-'));
    const { status } = runScript('bin/satori-keys.ts', { environment: { CDK_CONTEXT_JSON: '{}', CDK_OUTDIR: output } });
    const metadata = readFileSync(join(output, 'satori-keys.metadata.json'), 'utf8');
    rmSync(output, { recursive: true });
    expect(status).toBe(0);
    const error = { type: 'aws:cdk:error', data: `No stage given: ${listOfStages}` };
    expect(JSON.parse(metadata)['/satori-keys']).toContainEqual(expect.objectContaining(error));
  });
});

it('npm run demo shows the life of a key, what is stored of it, and a key of an organization', () => {
  const { status, stdout } = runScript('local/demo.ts');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^ {2}secret +sk_satori_test_\w{61} +—$/m);
  expect(stdout).toMatch(/^ {2}secretDigest +— +[0-9a-f]{64}$/m);
  const titles = [...stdout.matchAll(/^(.+)\n {2}(?:GET|POST) .*\n {2}(\d{3}) in \d+ ms: /gm)];
  const refused = titles.filter(([, , status]) => status !== '200').map(([, title, code]) => `${code} ${title}`);
  expect(titles).toHaveLength(25);
  expect(refused).toEqual([
    '401 Use the previous secret',
    '401 Use the disabled key',
    '401 Use the revoked key',
    '401 Use the published key',
    '403 Revoke the key as a member',
    '401 Use the key again',
  ]);
});
