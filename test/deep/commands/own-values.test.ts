import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyProject } from '../../support/project-copy';

// A clone with the values of a made-up company: other stages, another domain and prefix, and none of the samples.

jest.setTimeout(300_000);
const root = join(__dirname, '..', '..', '..');
const temporary = mkdtempSync(join(tmpdir(), 'satori-keys-own-'));
const [upstream, clone] = [join(temporary, 'upstream'), join(temporary, 'clone')] as const;
const stages = ['test', 'pilot-eu', 'pilot-us', 'prod'];

const ownValues = `import { defineStages } from './lib/stages/define';

const company = {
  corsOrigins: ['https://app.acme.test', 'https://admin.acme.test'],
  authorizedParties: ['https://app.acme.test', 'chrome-extension://abcdefghijklmnopabcdefghijklmnop'],
  clerkIssuer: 'https://clerk.acme.test',
  clerkInstance: 'production',
  keyPrefix: 'acme_key',
} as const;
const values = {
  ...company,
  corsOrigins: [...company.corsOrigins],
  authorizedParties: [...company.authorizedParties],
};

export default defineStages({
  test: { ...values, clerkIssuer: 'https://Acme-12.clerk.accounts.test/', clerkInstance: 'development', keyPrefix: 'acme_test', retainData: false },
  'pilot-eu': { ...values, region: 'eu-west-1', replicaRegions: ['eu-west-2', 'eu-west-3'], requestsPerMinute: 6_000, logRetention: 90 },
  'pilot-us': { ...values, region: 'us-east-1', account: '111122223333', maxWriteUnits: { uses: 900 }, reservedConcurrency: 50 },
  prod: {
    ...values,
    domain: { name: 'keys.acme.test', hostedZone: { id: 'Z0ACME', name: 'acme.test' } },
    previousKeyPrefixes: ['acme'],
    throttle: { rate: 3_000, burst: 5_000 },
    deletionProtection: true,
    gradualDeployment: true,
    alarmRecipients: ['on-call@acme.test'],
    runbookUrl: 'https://git.acme.test/keys/docs/operations.md',
  },
});
`;

const git = (cwd: string, ...words: string[]) => {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@acme.test', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...words], { cwd, encoding: 'utf8', stdio: 'pipe' });
};
function commitAll(cwd: string, message: string): void {
  git(cwd, 'add', '-A');
  git(cwd, 'commit', '-qm', message);
}

function synthesize(stage: string) {
  const output = join(temporary, 'out', stage);
  const { PATH, HOME } = process.env;
  const words = ['cdk', 'synth', '-c', `stage=${stage}`, '-q', '-o', output];
  const { status, stdout, stderr } = spawnSync('npx', words, { cwd: clone, env: { PATH, HOME }, encoding: 'utf8' });
  const file = join(output, `satori-keys-${stage}.template.json`);
  return { status, printed: stdout + stderr, template: existsSync(file) ? readFileSync(file, 'utf8') : '' };
}

beforeAll(() => {
  copyProject(upstream);
  git(upstream, 'init', '-q', '-b', 'main');
  commitAll(upstream, 'The version that is cloned');
  git(temporary, 'clone', '-q', '-o', 'upstream', upstream, clone);
  for (const folder of ['node_modules']) {
    symlinkSync(join(root, folder), join(clone, folder));
    // .gitignore names folders, and these are links.
    appendFileSync(join(clone, '.git', 'info', 'exclude'), `/${folder}\n`);
  }
  writeFileSync(join(clone, 'stages.config.ts'), ownValues);
  commitAll(clone, 'The values of the company');
});
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

it.each(stages)('the stage %s is synthesized, without a warning about samples', (stage) => {
  const { status, printed, template } = synthesize(stage);
  expect({ status, printed }).toEqual({ status: 0, printed: expect.not.stringContaining('sample') });
  expect(template).toContain('"KEY_PREFIX": "acme_');
  expect(template).not.toContain('example.com');
});

it('the checks of npm test pass, however the values are formatted, and a stage that was removed is unknown', () => {
  for (const words of [['tsc'], ['biome', 'ci', '--error-on-warnings', '.']]) {
    expect(spawnSync('npx', words, { cwd: clone, encoding: 'utf8' })).toMatchObject({ status: 0 });
  }
  expect(synthesize('staging')).toMatchObject({
    status: 1,
    printed: expect.stringContaining(`NAME is one of ${stages.join(', ')}.`),
  });
});

it('the tests of stages, templates, commands and documents pass, and the snapshot is the same', () => {
  // Without the test of the bundle's paths: they lead out of a clone whose node_modules is a link.
  const files = ['test/lib/(?!bundle)', 'test/agreement', 'test/secret-scanners', 'test/tools/cli', 'test/workflows'];
  const words = ['jest', '--ci', '--maxWorkers=1', ...files];
  const { status, stderr } = spawnSync('npx', words, { cwd: clone, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(/^Snapshots: +1 passed, 1 total$/m) });
});

it('a newer version, with a new value of a stage, is merged without a conflict and synthesized', () => {
  const add = (file: string, place: RegExp, line: string) => {
    const before = readFileSync(join(upstream, 'lib', 'stages', file), 'utf8');
    const after = before.replace(place, `$&${line}\n`);
    expect(after).not.toBe(before);
    writeFileSync(join(upstream, 'lib', 'stages', file), after);
  };
  add('schema.ts', /^const fields = \{\n/m, '  newValue: z._default(forms.flag, true),');
  add('values.ts', /^export interface ServiceValues \{\n/m, '  readonly newValue?: boolean | undefined;');
  const stack = join(upstream, 'lib', 'keys-stack.ts');
  const used = "new CfnOutput(this, 'NewValue', { value: String(stage.newValue) });";
  writeFileSync(stack, readFileSync(stack, 'utf8').replace('this.addOutputs(', `${used} this.addOutputs(`));
  for (const file of ['README.md', 'CHANGELOG.md']) {
    writeFileSync(join(upstream, file), `${readFileSync(join(upstream, file), 'utf8')}\nNews.\n`);
  }
  commitAll(upstream, 'A newer version');
  git(clone, 'fetch', '-q', 'upstream');
  git(clone, 'switch', '-qc', 'upgrade', 'main');
  git(clone, 'merge', '-q', '--no-edit', 'upstream/main');
  expect(git(clone, 'status', '--porcelain')).toBe('');
  expect(git(clone, 'diff', '--name-only', 'upstream/main')).toBe('stages.config.ts\n');
  const { status, printed, template } = synthesize('prod');
  expect({ status, printed }).toEqual({ status: 0, printed: expect.any(String) });
  expect(JSON.parse(template).Outputs.NewValue).toEqual({ Value: 'true' });
});
