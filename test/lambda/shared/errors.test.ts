import { describeError, NameTaken, PartUnavailable, stackOf } from '../../../lambda/shared/errors';

describe('an error as the log may show it', () => {
  it('has the details of one of ours', () => {
    expect(describeError(new PartUnavailable('clerk', 'timeout'))).toEqual({
      error: 'PartUnavailable',
      part: 'clerk',
      reason: 'timeout',
    });
  });

  it('leaves out the name that a caller gave to a key', () => {
    expect(JSON.stringify(describeError(new NameTaken('My private project', 'active')))).not.toContain(
      'private',
    );
  });

  it('leaves out the message of any other, which may quote what it failed on', () => {
    const error = new SyntaxError('Unexpected token, "sk_satori_canary" is not valid JSON\nsk_satori_canary');
    const described = { ...describeError(error), stack: stackOf(error) };
    expect(described).toMatchObject({ error: 'SyntaxError' });
    expect(described.stack[0]).toMatch(/^at .*errors\.test\.ts/);
    expect(JSON.stringify(described)).not.toContain('canary');
  });

  it.each([[undefined], [null], ['sk_satori_canary'], [{ message: 'sk_satori_canary' }]])(
    'says no more than the type of %j',
    (thrown) => {
      expect(describeError(thrown)).toEqual({ error: typeof thrown });
    },
  );
});
