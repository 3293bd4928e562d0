import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inlineCommand } from '../../support/documents';
import { asWritten, cdk, succeeded } from './commands';

/**
 * Bootstraps as the README does, without a stage, with a copy of the CDK's own template. The copy lacks what MiniStack
 * cannot do:
 * - the bucket's policy, which refuses HTTP: MiniStack has no HTTPS;
 * - the condition aws:ResourceAccount, which MiniStack does not know and therefore never meets.
 */
export async function bootstrap(): Promise<void> {
  const { stdout } = succeeded(await cdk('bootstrap', '--show-template', '--json'));
  const template = JSON.parse(stdout, (name, value) =>
    name === 'Condition' && JSON.stringify(value).includes('aws:ResourceAccount') ? undefined : value,
  );
  delete template.Resources.StagingBucketPolicy;
  const file = join(mkdtempSync(join(tmpdir(), 'satori-keys-')), 'bootstrap.json');
  writeFileSync(file, JSON.stringify(template));
  const command = inlineCommand('README.md', 'npx cdk bootstrap');
  succeeded(await asWritten(command, ['--ci', '--template', file]));
}
