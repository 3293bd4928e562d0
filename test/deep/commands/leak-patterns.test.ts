import { parse } from 'yaml';
import { inlineCommand } from '../../support/documents';
import { onFixtures } from '../../support/local-process';
import { shell } from './shell';

jest.setTimeout(60_000);

const env = { NODE_OPTIONS: onFixtures };

it('prints the configuration of one scanner alone, for one stage', async () => {
  const command = inlineCommand('docs/security.md', 'npm run leak-patterns --silent -- --stage prod --format gitleaks');
  const { stdout } = await shell(command, { env });
  expect(stdout).toMatch(/^\[extend\]\nuseDefault = true\n\n\[\[rules\]\]\nid = "satori-api-key"/);
  expect(stdout).toContain("regex = '''\\b(sk_satori_[0-7]");
});

it('names the pattern', async () => {
  const { stdout } = await shell('npm run leak-patterns --silent -- --format trufflehog --name acme_key', { env });
  expect(parse(stdout).detectors).toEqual([expect.objectContaining({ name: 'acme-key' })]);
});

it.each([
  ['an unknown stage', '--stage none', 'Not a deployed stage: "none". Stages: dev, staging, prod.'],
  ['an unknown scanner', '--format scanner', 'Usage: npm run leak-patterns'],
  ['a name with a quote', `--name 'a"b'`, 'Usage: npm run leak-patterns'],
])('fails with %s', async (_what, words, message) => {
  const { status, stderr } = await shell(`npm run leak-patterns --silent -- ${words}`, { env });
  expect([status, stderr.trim()]).toEqual([1, expect.stringContaining(message)]);
});
