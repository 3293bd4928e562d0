import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { GuardedApi } from '../../../examples/guarded-api/stack';
import { DeployRoleStack } from '../../../lib/deploy-role-stack';
import { KeysStack } from '../../../lib/keys-stack';
import { stageNamed, stageNames } from '../../../lib/stages';
import { virtualEnvironment } from '../emulator/virtual-environment';
import { offline } from '../support/offline-stack';
import { run } from './commands';

/** A warning about a dependency that is stated twice, as CDK does for a role and its policy. */
const ignored = 'W3005';

jest.spyOn(console, 'error').mockImplementation(() => {});

it('cfn-lint finds nothing in the templates of all stages, the deploy role and the guarded example', async () => {
  const outdir = mkdtempSync(join(tmpdir(), 'satori-keys-'));
  const app = new App({ context: offline, outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
  for (const stageName of stageNames) new KeysStack(app, stageName, { stageName, stage: stageNamed(stageName).stage });
  new DeployRoleStack(app, 'role', { stageName: 'dev', githubRepository: 'acme/keys', diffsPullRequests: true });
  new GuardedApi(app, 'guarded', { tableName: 'keys', usesTableName: 'uses' });
  app.synth();
  const templates = readdirSync(outdir).filter((file) => file.endsWith('.template.json'));
  expect(templates).toHaveLength(stageNames.length + 2);
  const programs = join(virtualEnvironment('cfn-lint', join(__dirname, 'cfn-lint')), 'bin');
  const words = ['-I', join(programs, 'cfn-lint'), '--ignore-checks', ignored, '--'];
  const paths = templates.map((file) => join(outdir, file));
  expect(await run(join(programs, 'python'), [...words, ...paths])).toEqual({ status: 0, output: '', stdout: '' });
});
