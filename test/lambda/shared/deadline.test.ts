import { Deadline, DeadlineExceeded } from '../../../lambda/shared/deadline';

const never = new Promise<never>(() => {});

describe('a deadline', () => {
  it('returns the remaining time, between 0 and the cap', () => {
    const deadline = Deadline.in(1_000);
    expect(deadline.remaining(100)).toBe(100);
    expect(deadline.remaining(60_000)).toBeLessThanOrEqual(1_000);
    expect(deadline.remaining(60_000)).toBeGreaterThan(900);
    expect(Deadline.in(-5).remaining(100)).toBe(0);
  });

  it('stops waiting for a call that never ends', async () => {
    await expect(Deadline.in(20).race('clerk', never, 60_000)).rejects.toThrow(DeadlineExceeded);
    await expect(Deadline.in(60_000).race('clerk', never, 20)).rejects.toThrow(DeadlineExceeded);
  });

  it('passes on a result or an error that arrives in time', async () => {
    await expect(Deadline.in(1_000).race('clerk', Promise.resolve('result'), 100)).resolves.toBe('result');
    await expect(Deadline.in(1_000).race('clerk', Promise.reject(new Error('failed')), 100)).rejects.toThrow('failed');
  });

  it('clears its timer after the call, so the process can exit', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    await Deadline.in(60_000).race('clerk', Promise.resolve('result'), 60_000);
    expect(timers()).toBe(before);
  });

  it('aborts its signal', async () => {
    const signal = Deadline.in(20).signal(60_000);
    expect(signal.aborted).toBe(false);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    expect(signal.aborted).toBe(true);
  });
});
