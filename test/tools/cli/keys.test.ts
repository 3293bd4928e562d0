import { randomUUID } from 'node:crypto';
import { newSecret } from '../../../lambda/keys/secret';
import { CommandError } from '../../../tools/cli/command-error';
import { readArguments, usage } from '../../../tools/cli/keys/arguments';

describe('the command line of npm run keys', () => {
  const id = randomUUID();
  const read = (line: string) => readArguments(line.split(' ')).command;

  it.each([
    ['list --owner user_1', { name: 'list', owner: 'user_1' }],
    [`show ${id}`, { name: 'show', key: { id } }],
    ['show --secret', { name: 'show', key: { secret: true } }],
    [`revoke ${id}`, { name: 'revoke', key: { id }, reason: 'operator' }],
    ['revoke --secret --reason exposed', { name: 'revoke', key: { secret: true }, reason: 'exposed' }],
    ['revoke --owner org_1 --yes', { name: 'revoke-all', owner: 'org_1', reason: 'operator', yes: true }],
    ['stats', { name: 'stats', max: 100_000 }],
    ['stats --max 7', { name: 'stats', max: 7 }],
  ])('%s', (line, command) => {
    expect(read(`${line} --stage dev --json`)).toEqual(command);
  });

  it.each([
    ['', usage],
    ['none', usage],
    ['list', usage],
    ['list user_1', usage],
    [`list ${id}`, usage],
    ['list --secret', usage],
    [`list --owner user_1 ${id}`, usage],
    ['list --owner user_1 --yes', usage],
    ['show', usage],
    [`show ${id} --secret`, usage],
    ['show --owner user_1', usage],
    [`revoke ${id} --owner user_1`, usage],
    ['stats --max 0', usage],
    ['stats --owner user_1', usage],
    ['list --owner someone', '--owner must be user_… or org_…, as in Clerk.'],
    [`revoke ${id} --reason because`, '--reason must be operator or exposed.'],
    ['stats --table Keys', 'Give --table and --uses-table together. They are outputs of the stack.'],
  ])('refuses: %s', (line, message) => {
    expect(() => read(line)).toThrow(new CommandError(message));
  });

  it('refuses a secret as an argument, and does not repeat it', () => {
    const secret = newSecret('sk_satori', id);
    for (const line of [`show ${secret}`, `revoke ${secret}`, `show --secret=${secret}`, `--reason ${secret} revoke`]) {
      const error = (() => {
        try {
          return read(line);
        } catch (thrown) {
          return thrown;
        }
      })();
      expect(error).toBeInstanceOf(CommandError);
      expect(String(error)).not.toContain(secret.slice(20, 50));
    }
    expect(() => read(`show ${secret}`)).toThrow('remove it from the history of your shell');
  });
});
