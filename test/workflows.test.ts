import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// A dependency of @actions/languageservice.
import { parse } from 'yaml';
import { assemblyOf, createStack } from '../local/synthesize';
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
    for (const checkout of checkouts) expect(checkout.with).toMatchObject({ 'persist-credentials': false });
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

/** The jobs that deploy a stage. Their names are the owner's. */
const deployments = Object.entries<Yaml>(workflow('deploy.yml').jobs).filter(([, job]) =>
  job.uses?.endsWith('/deploy-stage.yml'),
);
const [firstStage] = deployments.map(([id]) => id);

describe('the deploy workflow', () => {
  const { on, jobs } = workflow('deploy.yml');
  const { deploy, smoke } = workflow('deploy-stage.yml').jobs;
  const { environment, concurrency, steps } = deploy;

  it('runs after a push to main: first the check, then one stage after the other', () => {
    expect(on.push).toEqual({ branches: ['main'] });
    expect(jobs.check.uses).toBe('./.github/workflows/check.yml');
    expect(deployments.map(([, { needs }]) => needs)).toEqual(['check', ...deployments.map(([id]) => id).slice(0, -1)]);
    for (const [, { needs, if: condition }] of deployments.slice(1)) {
      expect(condition).toBe(`needs.${needs}.outputs.deployed`);
    }
    for (const [stage, job] of deployments) expect(job.with).toEqual({ stage });
  });

  it('compares pull requests with the first stage', () => {
    expect(jobs.synthesize.with).toEqual({ stage: firstStage });
    expect(jobs.diff.environment).toBe(`${firstStage}-diff`);
    expect(jobs.diff.steps.at(-1).run).toContain(`cdk diff satori-keys-${firstStage} `);
  });

  it('uses the GitHub environment of its stage, runs one deployment at a time and is never cancelled', () => {
    expect(environment).toMatch(/^\S+ inputs.stage \S+$/);
    expect(concurrency).toEqual({ group: `deploy-${environment}`, 'cancel-in-progress': false });
  });

  it('skips all steps until AWS is set up', () => {
    const [, ...later] = steps;
    for (const step of later) expect(step.if).toBe('steps.setup.outputs.ready');
    expect(smoke.if).toBe('needs.deploy.outputs.deployed');
  });
});

describe('a job that can request an AWS token', () => {
  /** Each job with steps, with the permissions that it has: its own, or those of its workflow. */
  const all = readdirSync(folder).flatMap((file) => {
    const { permissions, jobs } = workflow(file);
    return Object.entries<Yaml>(jobs).map(([id, job]) => ({
      file,
      id,
      job,
      jobs,
      permissions: job.permissions ?? permissions,
    }));
  });
  const trusted = all.filter(({ job, permissions }) => job.steps && permissions['id-token'] === 'write');
  const stepsOf = (uses: RegExp) => trusted.map(({ job }) => job.steps.filter((step: Yaml) => uses.test(step.uses)));

  it('deploys or compares, from a GitHub environment; no other job can', () => {
    const found = trusted.map(({ file, id, job }) => [file, id, job.environment]);
    expect(found).toEqual([
      ['deploy-stage.yml', 'deploy', `\${{ inputs.stage }}`],
      ['deploy.yml', 'diff', `${firstStage}-diff`],
    ]);
  });

  it('runs the CDK CLI of the lock file and no other package, and has no code of the project', () => {
    for (const { job } of trusted) {
      const scripts: string[] = job.steps.flatMap((step: Yaml) => step.run ?? []);
      const interpreters = /\b(npm|npx|node|yarn|pnpm|tsx|bash|sh|python3?|make|docker|cdk)\b(?![/_:-])[^|;&\n]*/g;
      const [install, cli, ...others] =
        scripts
          .join('\n')
          .replaceAll(/^ *#.*$/gm, '')
          .match(interpreters) ?? [];
      expect(install).toBe('npm ci --ignore-scripts');
      expect(cli).toMatch(/^node node_modules\/aws-cdk\/bin\/cdk (deploy|diff) \S+ --app "\$RUNNER_TEMP\/assembly" /);
      expect(others).toEqual([]);
    }
    for (const [checkout, ...more] of stepsOf(/^actions\/checkout@/)) {
      expect(checkout.with).toMatchObject({ 'sparse-checkout-cone-mode': false });
      expect(checkout.with['sparse-checkout'].trim().split('\n')).toEqual([
        '/.npmrc',
        '/package.json',
        '/package-lock.json',
      ]);
      expect(more).toEqual([]);
    }
  });

  it('uses only actions of GitHub and AWS, without a cache that other runs can write to', () => {
    const actions = trusted.flatMap(({ job }) => job.steps.flatMap((step: Yaml) => step.uses?.split('@')[0] ?? []));
    expect([...new Set(actions)].sort()).toEqual([
      'actions/checkout',
      'actions/download-artifact',
      'actions/setup-node',
      'aws-actions/configure-aws-credentials',
    ]);
    for (const [setup] of stepsOf(/^actions\/setup-node@/)) {
      expect(setup.with).toMatchObject({ 'package-manager-cache': false });
      expect(setup.with).not.toHaveProperty('cache');
    }
  });

  it('gets the assembly by its ID from a job that cannot', () => {
    for (const { job, jobs } of trusted) {
      expect(jobs[job.needs].uses).toBe('./.github/workflows/synthesize.yml');
      expect(jobs[job.needs]).not.toHaveProperty('permissions');
      const [download] = job.steps.filter((step: Yaml) => step.uses?.startsWith('actions/download-artifact@'));
      expect(download.with['artifact-ids']).toBe(`\${{ needs.${job.needs}.outputs.assembly }}`);
    }
  });

  it('does not run for Dependabot', () => {
    const { synthesize } = workflow('deploy.yml').jobs;
    expect(synthesize.if).toContain("github.event.pull_request.user.login != 'dependabot[bot]'");
    for (const { if: condition } of [synthesize, deployments[0]?.[1] ?? {}]) {
      expect(condition).toContain("github.actor != 'dependabot[bot]'");
    }
  });

  describe('checks that the assembly contains no commands', () => {
    const output = mkdtempSync(join(tmpdir(), 'satori-keys-assembly-'));
    afterAll(() => rmSync(output, { recursive: true }));
    const original = join(output, 'original');
    beforeAll(() => {
      assemblyOf(createStack('local', false, { outdir: original }));
    });

    const alterations: [string, string, (document: Yaml) => void, number][] = [
      ['an unchanged assembly', 'manifest.json', () => {}, 0],
      [
        'a command that creates a file',
        'satori-keys-local.assets.json',
        ({ files }) => {
          files.x = { source: { executable: ['id'] }, destinations: {} };
        },
        1,
      ],
      [
        'a container image',
        'satori-keys-local.assets.json',
        ({ dockerImages }) => {
          dockerImages.x = { source: { directory: '.' }, destinations: {} };
        },
        1,
      ],
      [
        'a nested assembly',
        'manifest.json',
        ({ artifacts }) => {
          artifacts.x = { type: 'cdk:cloud-assembly', properties: { directoryName: '.' } };
        },
        1,
      ],
      [
        'an asset in the metadata',
        'satori-keys-local.metadata.json',
        (metadata) => {
          metadata['/x'] = [{ type: 'aws:cdk:asset', data: { packaging: 'container-image' } }];
        },
        1,
      ],
    ];
    it.each(alterations)('%s', (what, file, alter, status) => {
      const folder = join(output, what);
      cpSync(original, folder, { recursive: true });
      const document = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      alter(document);
      writeFileSync(join(folder, file), JSON.stringify(document));
      for (const { job } of trusted) {
        const [check] = job.steps.filter((step: Yaml) => step['working-directory']);
        expect(spawnSync('bash', ['-e', '-c', check.run], { cwd: folder }).status).toBe(status);
      }
    });
  });
});
