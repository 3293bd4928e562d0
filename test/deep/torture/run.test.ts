import { runBeside } from '../../support/local-process';

it('npm run torture loads, kills and surveys, and exits with 0 when every promise was kept', async () => {
  const { status, stdout, stderr } = await runBeside('test/deep/torture/run.ts', {
    args: ['--seconds', '3'],
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^ {2}create [1-9]/m);
  expect(stdout).toMatch(/through [1-9]\d* kills/);
  expect(stdout).toMatch(/^ {2}secrets told [1-9]/m);
  expect(stdout).toContain('Every promise was kept.');
  expect(stdout).not.toContain('sk_satori_');
}, 60_000);

it('wrong arguments print the usage', async () => {
  const { status, stderr } = await runBeside('test/deep/torture/run.ts', { args: ['--seconds', 'long'] });
  expect(status).toBe(2);
  expect(stderr).toContain('Usage: npm run torture -- [--seconds N]');
}, 30_000);
