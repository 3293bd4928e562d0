import { inspect } from 'node:util';
import { VerifiedSessions } from '../../../lambda/clerk/token-cache';

const found = (userId: string, until = Date.now() + 60_000) => ({
  session: { userId, impersonated: false },
  verifiedWith: 'a PEM',
  until,
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('sessions that were verified', () => {
  it('are found by the same token and by no other', () => {
    const sessions = new VerifiedSessions();
    sessions.keep('header.claims.signature', found('user_a'));
    expect(sessions.find('header.claims.signature')).toEqual(found('user_a', expect.any(Number)));
    for (const other of ['header.claims.signaturE', 'header.claims.signature ', 'header.claims', ''])
      expect(sessions.find(other)).toBeUndefined();
  });

  it('count up to their end and are forgotten then', () => {
    const sessions = new VerifiedSessions();
    sessions.keep('token', found('user_a', 1_000));
    const now = jest.spyOn(Date, 'now').mockReturnValue(999);
    expect(sessions.find('token')).toBeDefined();
    now.mockReturnValue(1_000);
    expect(sessions.find('token')).toBeUndefined();
    expect(sessions.size).toBe(0);
  });

  it('are at most so many; the one verified longest ago goes', () => {
    const sessions = new VerifiedSessions(2);
    for (const name of ['a', 'b', 'a', 'c']) sessions.keep(name, found(`user_${name}`));
    expect(['a', 'b', 'c'].map((name) => sessions.find(name)?.session.userId)).toEqual([
      'user_a',
      undefined,
      'user_c',
    ]);
    expect(sessions.size).toBe(2);
  });

  it('push nobody out when one of them is verified anew', () => {
    const sessions = new VerifiedSessions(2);
    for (const name of ['a', 'b', 'b']) sessions.keep(name, found(`user_${name}`));
    expect(['a', 'b'].map((name) => sessions.find(name)?.session.userId)).toEqual(['user_a', 'user_b']);
  });

  it('are a thousand by default, however many tokens come', () => {
    const sessions = new VerifiedSessions();
    for (let n = 0; n < 1_200; n += 1) sessions.keep(`token ${n}`, found('user_a'));
    expect(sessions.size).toBe(1_000);
  });

  it('never hold a token, whole or in part', () => {
    const sessions = new VerifiedSessions();
    sessions.keep('header.claims.signature', found('user_a'));
    const inside = inspect(sessions, { depth: null, showHidden: true });
    expect(inside).toContain('user_a');
    for (const part of ['header', 'claims', 'signature']) expect(inside).not.toContain(part);
  });
});
