import { inspect } from 'node:util';
import { VerifiedSessions } from '../../../lambda/clerk/token-cache';

const verified = (userId: string, expiresAt = Date.now() + 60_000) => ({
  session: { userId, impersonated: false },
  verifiedWith: 'a PEM',
  expiresAt,
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the cache of verified sessions', () => {
  it('finds a session by exactly its token', () => {
    const sessions = new VerifiedSessions();
    sessions.keep('header.claims.signature', verified('user_a'));
    expect(sessions.find('header.claims.signature')).toEqual(verified('user_a', expect.any(Number)));
    for (const other of ['header.claims.signaturE', 'header.claims.signature ', 'header.claims', ''])
      expect(sessions.find(other)).toBeUndefined();
  });

  it('removes a session when it expires', () => {
    const sessions = new VerifiedSessions();
    sessions.keep('token', verified('user_a', 1_000));
    const now = jest.spyOn(Date, 'now').mockReturnValue(999);
    expect(sessions.find('token')).toBeDefined();
    now.mockReturnValue(1_000);
    expect(sessions.find('token')).toBeUndefined();
    expect(sessions.size).toBe(0);
  });

  it.each([
    ['the session that was stored first when it is full', ['a', 'b', 'a', 'c'], ['a', 'c']],
    ['no other session when one is stored again', ['a', 'b', 'b'], ['a', 'b']],
  ])('removes %s', (_what, stored, kept) => {
    const sessions = new VerifiedSessions(2);
    for (const name of stored) sessions.keep(name, verified(`user_${name}`));
    const found = ['a', 'b', 'c'].filter((name) => sessions.find(name)?.session.userId === `user_${name}`);
    expect(found).toEqual(kept);
    expect(sessions.size).toBe(2);
  });

  it('has at most 1000 sessions by default', () => {
    const sessions = new VerifiedSessions();
    for (let n = 0; n < 1_200; n += 1) sessions.keep(`token ${n}`, verified('user_a'));
    expect(sessions.size).toBe(1_000);
  });

  it('contains no token or part of one', () => {
    const sessions = new VerifiedSessions();
    sessions.keep('header.claims.signature', verified('user_a'));
    const inside = inspect(sessions, { depth: null, showHidden: true });
    expect(inside).toContain('user_a');
    for (const part of ['header', 'claims', 'signature']) expect(inside).not.toContain(part);
  });
});
