import { CommandError } from '../../../tools/cli/command-error';
import { deployedService } from '../../../tools/cli/stage-argument';

// Which deployed service a command works on.

const problem = (values: Parameters<typeof deployedService>[0]) => {
  try {
    deployedService(values, 'Usage: …');
    return undefined;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return error.message;
  }
};

it('a stage of stages.config.ts', () => {
  expect(deployedService({ stage: 'prod' }, '').stage.clerkInstance).toBe('production');
});

it('a service that an app deployed with the package, by the name of its secret', () => {
  expect(deployedService({ 'secret-name': 'acme/clerk' }, '')).toEqual({
    name: 'acme/clerk',
    stage: { clerkSecretName: 'acme/clerk', clerkInstance: 'either' },
    region: {},
  });
  const { stage } = deployedService({ 'secret-name': 'x', 'clerk-instance': 'production' }, '');
  expect(stage.clerkInstance).toBe('production');
});

it.each([
  [{}, /^No stage given\. Stages: dev, staging, prod\./],
  [{ stage: 'prod', 'secret-name': 'x' }, /^Give either --stage or --secret-name/],
  [{ 'secret-name': 'x', 'clerk-instance': 'live' }, /^--clerk-instance is one of development, production, either\.$/],
])('refuses %j', (values, message) => {
  expect(problem(values)).toMatch(message);
});

it('refuses a key of Clerk in place of the name, and does not repeat it', () => {
  const message = problem({ 'secret-name': 'sk_live_abcdefghijklmnop' });
  expect(message).toMatch(/never a key of Clerk/);
  expect(message).not.toContain('abcdef');
});
