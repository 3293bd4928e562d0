import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stageNames } from '../../../lib/stages';
import { virtualEnvironment } from '../emulator/virtual-environment';
import { cdk, run, succeeded } from './commands';

/** A warning about a dependency that is stated twice, as CDK does for a role and its policy. */
const ignored = 'W3005';

async function lint(...words: string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'satori-keys-'));
  succeeded(await cdk('synth', '--quiet', '--output', folder, ...words));
  const templates = readdirSync(folder).filter((file) => file.endsWith('.template.json'));
  expect(templates.length).toBeGreaterThan(0);
  const program = join(virtualEnvironment('cfn-lint', join(__dirname, 'cfn-lint')), 'bin', 'cfn-lint');
  const paths = templates.map((file) => join(folder, file));
  return (await run(program, ['--ignore-checks', ignored, '--', ...paths])).output;
}

it.each(stageNames)('cfn-lint finds nothing in the templates of %s', async (stage) => {
  expect(await lint('-c', `stage=${stage}`, '-c', 'githubRepository=acme/keys')).toBe('');
});

it('cfn-lint finds nothing in the template of the guarded example', async () => {
  const app = ['--app', 'npx tsx examples/guarded-api/app.ts'];
  expect(await lint(...app, '-c', 'table=keys', '-c', 'usesTable=uses')).toBe('');
});
