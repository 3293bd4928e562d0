import { apiForTests, newUser } from '../support/api-harness';

const api = apiForTests();

const connections = () => ({
  clerk: api.clerk.connections(),
  dynamodb: api.dynamodb.connections(),
  secretsManager: api.secretsManager.connections(),
});

describe('sequential requests', () => {
  it('share one connection to each of Clerk, DynamoDB and Secrets Manager', async () => {
    const user = newUser();
    const token = api.sessions.sign(user, 60);
    // Earlier tests of this process can have left a connection to Clerk open.
    const before = connections();
    for (let n = 0; n < 3; n += 1) {
      const { id, secret } = (await api.create(`Key ${n}`, { token })).json;
      await api.whoami(secret);
      await api.list(token);
      await api.revoke(id, token);
      const now = performance.now();
      // More than the five minutes after which the secret is read again.
      jest.spyOn(performance, 'now').mockImplementation(() => now + (n + 1) * 6 * 60_000);
    }
    jest.restoreAllMocks();
    const calls = [api.clerk, api.dynamodb, api.secretsManager].map((part) => part.calls.length);
    expect(calls).toEqual([6, expect.any(Number), 3]);
    expect(connections()).toEqual({
      clerk: before.clerk + 1,
      dynamodb: before.dynamodb + 1,
      secretsManager: before.secretsManager + 1,
    });
  });
});
