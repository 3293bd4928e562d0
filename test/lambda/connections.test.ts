import { apiForTests, newUser } from '../support/api-harness';

const api = apiForTests();

const connections = () => ({
  clerk: api.clerk.connections(),
  dynamodb: api.dynamodb.connections(),
  secretsManager: api.secretsManager.connections(),
});

describe('requests one after the other', () => {
  it('share one connection to each of Clerk, DynamoDB and Secrets Manager', async () => {
    const user = newUser();
    const token = api.sessions.sign(user, 60);
    // Of Clerk's, tests before this one may have left one open, since a process has one client for all.
    const before = connections();
    for (let n = 0; n < 5; n += 1) {
      const { id, secret } = (await api.create(`Key ${n}`, { token })).json;
      await api.whoami(secret);
      await api.list(token);
      await api.revoke(id, token);
      const now = performance.now();
      // Past the five minutes after which the secret is read again.
      jest.spyOn(performance, 'now').mockImplementation(() => now + (n + 1) * 6 * 60_000);
    }
    jest.restoreAllMocks();
    const calls = [api.clerk, api.dynamodb, api.secretsManager].map((part) => part.calls.length);
    expect(calls).toEqual([10, expect.any(Number), 5]);
    expect(connections()).toEqual({
      clerk: before.clerk + 1,
      dynamodb: before.dynamodb + 1,
      secretsManager: before.secretsManager + 1,
    });
  });
});
