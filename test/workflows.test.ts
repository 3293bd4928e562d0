import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
// A dependency of @actions/languageservice.
import { parse } from 'yaml';
import { engines } from '../package.json';
import { runScript } from './support/local-process';

// biome-ignore lint/suspicious/noExplicitAny: GitHub's language service validates the workflows.
type Yaml = Record<string, any>;

const folder = join(__dirname, '..', '.github', 'workflows');
const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const workflow = (file: string): Yaml => parse(read(file));

it('GitHub accepts the workflows', () => {
  const { status, stdout, stderr } = runScript('test/support/validate-workflows.mts');
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});

describe.each(readdirSync(folder))('%s', (file) => {
  const { permissions, jobs: namedJobs } = workflow(file);
  const jobs: Yaml[] = Object.values(namedJobs);
  const steps: Yaml[] = jobs.flatMap((job) => job.steps ?? []);

  it('pins each action to a commit', () => {
    for (const [, action] of read(file).matchAll(/\buses: *(.+)/g)) {
      expect(action).toMatch(/^\.\/|^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it('can only read the repository and request an AWS token', () => {
    expect(permissions).toHaveProperty('contents', 'read');
    const most = { contents: 'read', 'id-token': 'write' };
    for (const granted of [permissions, ...jobs.map((job) => job.permissions)]) {
      expect({ ...most, ...granted }).toEqual(most);
    }
    expect(read(file)).not.toMatch(/pull_request_target|workflow_run/);
  });

  it('does not keep the token after a checkout', () => {
    const checkouts = steps.filter((step) => step.uses?.startsWith('actions/checkout@'));
    for (const checkout of checkouts) expect(checkout.with).toEqual({ 'persist-credentials': false });
  });

  it('uses no stored secret', () => {
    expect(read(file)).not.toMatch(/\bsecrets\b|aws[-_](access[-_]key|secret)/i);
  });

  it('contains no expression in a script, because its value could be a command', () => {
    expect(steps.map((step) => step.run).join()).not.toContain('${{');
  });

  it('has a time limit for each job', () => {
    expect(jobs.filter((job) => !job.uses && !job['timeout-minutes'])).toEqual([]);
  });
});

describe('the check workflow', () => {
  const { on, jobs } = workflow('check.yml');

  it('runs .ci/run on the oldest Node.js version that package.json allows and on the version of Lambda', () => {
    expect(jobs.check.steps.at(-1).run).toBe('bash .ci/run');
    expect(jobs.check.strategy.matrix.node).toEqual([engines.node.replace('>=', ''), '24']);
  });

  it('fails on critical advisories of all packages and, except on main, on high ones of deployed packages', () => {
    const [all, deployed] = jobs.advisories.steps.filter((step: Yaml) => step.run);
    expect(all).not.toHaveProperty('if');
    expect(all.run).toMatch(/^npm audit --audit-level=critical\n.* --prefix tools\/bench\n$/);
    expect(deployed.if).toBe("github.ref != 'refs/heads/main'");
    expect(deployed.run).toBe('npm audit --omit=dev --audit-level=high');
  });

  it('runs for each pull request, and for each push to another branch than main', () => {
    expect(on).toEqual({ pull_request: null, push: { 'branches-ignore': ['main'] }, workflow_call: null });
  });
});

describe('the deploy workflow', () => {
  const { on, jobs } = workflow('deploy.yml');
  const { environment, concurrency, steps } = workflow('deploy-stage.yml').jobs.deploy;

  it('runs after a push to main: first the check, then dev, staging and prod', () => {
    expect(on.push).toEqual({ branches: ['main'] });
    expect(jobs.check.uses).toBe('./.github/workflows/check.yml');
    expect([jobs.dev.needs, jobs.staging.needs, jobs.prod.needs]).toEqual(['check', 'dev', 'staging']);
    expect(jobs.staging.if).toBe('needs.dev.outputs.deployed');
    expect(jobs.prod.if).toBe('needs.staging.outputs.deployed');
    for (const stage of ['dev', 'staging', 'prod']) expect(jobs[stage].with).toEqual({ stage });
  });

  it('uses the GitHub environment of its stage, runs one deployment at a time and is never cancelled', () => {
    expect(environment).toMatch(/^\S+ inputs.stage \S+$/);
    expect(concurrency).toEqual({ group: `deploy-${environment}`, 'cancel-in-progress': false });
  });

  it('skips all steps until AWS is set up', () => {
    const [, ...later] = steps;
    for (const step of later) expect(step.if).toBe('steps.setup.outputs.ready');
  });
});
