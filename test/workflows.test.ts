import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engines } from '../package.json';
import { runScript } from './support/local-process';

const root = join(__dirname, '..');
const folder = '.github/workflows';
const workflows = new Map(
  readdirSync(join(root, folder)).map((file) => [file, readFileSync(join(root, folder, file), 'utf8')]),
);
const workflow = (file: string) => workflows.get(file) ?? '';
const matchesIn = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '');

/** What runs in a shell: the rest of a line after `run:`, or the indented block below. */
const scriptsOf = (text: string) => matchesIn(text, /^ *(?:- )?run: (\|\n(?:(?: {10,}.*)?\n)+|.*\n)/gm);

/** What GitHub's language service finds wrong with the workflows of a folder; without one, with ours. */
function problemsOf(directory = root): string[] {
  const { status, stdout, stderr } = runScript('test/support/validate-workflows.mts', { args: [directory] });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter(Boolean);
}

describe('GitHub takes the workflows', () => {
  it('as they are', () => {
    expect([...workflows.keys()].sort()).toEqual(['check.yml', 'deploy-stage.yml', 'deploy.yml']);
    expect(problemsOf()).toEqual([]);
  });

  it('and would not take a key, an expression, an output or an input that there is not', () => {
    const directory = mkdtempSync(join(tmpdir(), 'satori-keys-test-'));
    mkdirSync(join(directory, folder), { recursive: true });
    const broken = {
      'deploy.yml': workflow('deploy.yml')
        .replace('cancel-in-progress', 'cancel-progress')
        .replace('vars.AWS_REGION', 'var.AWS_REGION')
        .replace('needs.dev.outputs.deployed', 'needs.dev.outputs.done')
        .replace('stage: staging', 'name: staging'),
      'deploy-stage.yml': workflow('deploy-stage.yml'),
      'check.yml': workflow('check.yml'),
    };
    for (const [file, text] of Object.entries(broken)) writeFileSync(join(directory, folder, file), text);
    const problems = problemsOf(directory);
    rmSync(directory, { recursive: true });
    expect(problems.map((problem) => problem.replace(/:\d+/, ''))).toEqual([
      'deploy.yml Context access might be invalid: done',
      "deploy.yml Unexpected value 'cancel-progress'",
      "deploy.yml Unrecognized named-value: 'var'",
      'deploy.yml Input stage is required, but not provided while calling.',
      'deploy.yml Invalid input, name is not defined in the referenced workflow.',
    ]);
  });
});

describe.each([...workflows])('%s', (_file, text) => {
  it('runs nobody else’s code that could be another tomorrow', () => {
    const uses = matchesIn(text, /\buses: *(.+)/g).filter((action) => !action.startsWith('./'));
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('says what its token may do, and writes nothing to the repository', () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n/m);
    const granted = matchesIn(text, /^ +([\w-]+: write)$/gm);
    expect(granted.filter((permission) => permission !== 'id-token: write')).toEqual([]);
    expect(text).not.toMatch(/write-all|secrets: inherit|pull_request_target|workflow_run/);
  });

  it('keeps the token of the checkout out of what runs after it', () => {
    const checkouts = text.split('actions/checkout@').slice(1);
    for (const step of checkouts) expect(step.split(/^ {6}- /m)[0]).toContain('persist-credentials: false');
  });

  it('needs no secret: neither a key of AWS nor another', () => {
    expect(text).not.toMatch(/AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY|aws-access-key-id|\bsecrets\./);
  });

  it('writes nothing into a script that somebody outside could have chosen', () => {
    expect(scriptsOf(text).join('')).not.toContain('${{');
  });

  it('gives each job of its own an end', () => {
    expect(matchesIn(text, /(runs-on:)/g)).toHaveLength(
      matchesIn(text, /^ {4}(timeout-minutes: \d+)$/gm).length,
    );
  });
});

it('finds the scripts that it looks into', () => {
  const found = [...workflows.values()].flatMap(scriptsOf).join('');
  for (const part of [
    'bash .ci/run',
    'AWS_DIFF_ROLE_ARN',
    'GITHUB_STEP_SUMMARY',
    'npx cdk deploy',
    'npm run smoke',
  ]) {
    expect(found).toContain(part);
  }
});

describe('a check', () => {
  it('is what .ci/run does, on the oldest Node that package.json allows and on Lambda’s', () => {
    expect(scriptsOf(workflow('check.yml'))[0]).toBe('bash .ci/run\n');
    const [oldest, lambdas, ...more] = matchesIn(workflow('check.yml'), /node: \[(.+)\]/g)
      .join()
      .split(', ');
    expect([`>=${oldest?.slice(1, -1)}`, lambdas, more]).toEqual([engines.node, "'24'", []]);
  });

  it('asks for advisories: critical ones of all packages, and high ones of what is deployed unless it is deploying', () => {
    const [, ...steps] = (workflow('check.yml').split('\n  advisories:\n')[1] ?? '').split(/^ {6}- name: /m);
    expect(steps.map((step) => [...matchesIn(step, /^ {8}if: (.+)$/gm), ...scriptsOf(step)])).toEqual([
      [
        '|\n          npm audit --audit-level=critical\n          npm audit --audit-level=critical --prefix tools/bench\n',
      ],
      ["github.ref != 'refs/heads/main'", 'npm audit --omit=dev --audit-level=high\n'],
    ]);
    expect(scriptsOf(workflow('check.yml'))).toHaveLength(3);
  });

  it('is for every pull request and push, and comes before each deployment of main', () => {
    const [triggers] = workflow('check.yml').split(/^permissions/m);
    expect(triggers?.replace(/ *#.*\n/g, '')).toMatch(
      /^on:\n {2}pull_request:\n {2}push:\n {4}branches-ignore: \[main\]\n {2}workflow_call:\n$/m,
    );
    expect(workflow('deploy.yml')).toMatch(/^ {2}push:\n {4}branches: \[main\]$/m);
    expect(workflow('deploy.yml')).toContain('  dev:\n    needs: check\n');
  });
});

describe('a deployment', () => {
  const job = (name: string) =>
    workflow('deploy.yml')
      .split(`\n  ${name}:\n`)[1]
      ?.split(/^ {2}\w/m)[0] ?? '';

  it.each([
    ['staging', 'dev'],
    ['prod', 'staging'],
  ])('of %s comes after one of %s', (stage, before) => {
    expect(job(stage)).toContain(`needs: ${before}\n    if: needs.${before}.outputs.deployed\n`);
    expect(job(stage)).toMatch(new RegExp(`deploy-stage\\.yml[^]+stage: ${stage}\n`));
  });

  it('is from the GitHub environment of the stage, alone, and never cut off', () => {
    expect(workflow('deploy-stage.yml')).toContain(`
    environment: \${{ inputs.stage }}
`);
    expect(workflow('deploy-stage.yml')).toContain(`
      group: deploy-\${{ inputs.stage }}
      cancel-in-progress: false
`);
  });

  it('does nothing, and is not red, until the stage is set up', () => {
    const steps = workflow('deploy-stage.yml')
      .split(/^ {6}- /m)
      .slice(2);
    expect(steps).toHaveLength(6);
    for (const step of steps) expect(step).toContain('if: steps.setup.outputs.ready\n');
  });
});

it('a pull request is compared without a change set, so with the right to read alone, and not from a fork', () => {
  expect(workflow('deploy.yml')).toContain(
    "if: github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository\n",
  );
  expect(workflow('deploy.yml')).toContain('npx cdk diff -c stage=dev --method=template ');
});
