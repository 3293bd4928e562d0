import { describeError, stackOf } from '../../../lambda/shared/describe-error';
import { DependencyUnavailable, NameTaken } from '../../../lambda/shared/errors';

describe('an error in the log', () => {
  it('has the details of an error of this service', () => {
    expect(describeError(new DependencyUnavailable('clerk', 'timeout'))).toEqual({
      error: 'DependencyUnavailable',
      dependency: 'clerk',
      reason: 'timeout',
    });
  });

  it('leaves out the name that a caller gave to a key', () => {
    expect(JSON.stringify(describeError(new NameTaken('My private project', 'active')))).not.toContain('private');
  });

  it('leaves out the message of any other error, which may quote a value', () => {
    const error = new SyntaxError('Unexpected token, "sk_satori_canary" is not valid JSON\nsk_satori_canary');
    const described = { ...describeError(error), stack: stackOf(error) };
    expect(described).toMatchObject({ error: 'SyntaxError' });
    expect(described.stack[0]).toMatch(/^at .*errors\.test\.ts/);
    expect(JSON.stringify(described)).not.toContain('canary');
  });

  it.each([[undefined], [null], ['sk_satori_canary'], [{ message: 'sk_satori_canary' }]])(
    'has only the type of the thrown value %j',
    (thrown) => {
      expect(describeError(thrown)).toEqual({ error: typeof thrown });
    },
  );
});
