import { Deadline, DeadlineExceeded } from '../../../lambda/shared/deadline';

const never = new Promise<never>(() => {});

describe('a deadline', () => {
  it('gives a call what is left, but at most its cap, and never less than nothing', () => {
    const deadline = Deadline.in(1_000);
    expect(deadline.remaining(100)).toBe(100);
    expect(deadline.remaining(60_000)).toBeLessThanOrEqual(1_000);
    expect(deadline.remaining(60_000)).toBeGreaterThan(900);
    expect(Deadline.in(-5).remaining(100)).toBe(0);
  });

  it('ends a wait for what never comes', async () => {
    await expect(Deadline.in(20).race('clerk', never, 60_000)).rejects.toThrow(DeadlineExceeded);
    await expect(Deadline.in(60_000).race('clerk', never, 20)).rejects.toThrow(DeadlineExceeded);
  });

  it('hands on what comes in time, good or bad', async () => {
    await expect(Deadline.in(1_000).race('clerk', Promise.resolve('good'), 100)).resolves.toBe('good');
    await expect(Deadline.in(1_000).race('clerk', Promise.reject(new Error('bad')), 100)).rejects.toThrow(
      'bad',
    );
  });

  it('leaves no timer behind a call that is over, which would keep a process up', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    await Deadline.in(60_000).race('clerk', Promise.resolve('good'), 60_000);
    expect(timers()).toBe(before);
  });

  it('aborts by its signal', async () => {
    const signal = Deadline.in(20).signal(60_000);
    expect(signal.aborted).toBe(false);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    expect(signal.aborted).toBe(true);
  });
});
