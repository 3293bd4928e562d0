import { Deadline } from '../../../lambda/shared/deadline';
import { apiForTests } from '../../support/api-harness';

const api = apiForTests();

it.each(['100000', 'off'])(
  'no request with a valid secret is refused during rotations with a grace period (20 callers, limit %s)',
  async (limit) => {
    api.coldStart({ KEY_REQUESTS_PER_MINUTE: limit });
    const { id, token, secret } = await api.newKey();
    const valid = [secret];
    const refused: unknown[] = [];
    const accepted = new Map<string, number>();
    let undecided = 0;
    let running = true;
    /** Waits until the newest secret is in use. One that was never used would be replaced by the next rotation. */
    const newestInUse = async () => {
      while ((accepted.get(valid.at(-1) ?? '') ?? 0) < 20) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    const requestsPerMinute = limit === 'off' ? undefined : Number(limit);
    const callers = Array.from({ length: 20 }, async (_, caller) => {
      // Every fourth caller is in a process of its own.
      const verifier = caller % 4 === 0 ? api.newVerifier({ requestsPerMinute }) : undefined;
      const verify = async (used: string) => {
        if (!verifier) return (await api.whoami(used)).status;
        return await verifier.verify(used, Deadline.in(5_000)).then(
          () => 200,
          (error) => error.name,
        );
      };
      while (running) {
        // During a grace period, half of the callers use the new secret.
        const used = valid[caller % valid.length] ?? '';
        const answer = await verify(used);
        if (answer === 200) accepted.set(used, (accepted.get(used) ?? 0) + 1);
        // On a busy machine a call of DynamoDB can time out. That decides nothing, and the caller asks again.
        else if (answer === 503 || answer === 'DependencyUnavailable') undecided += 1;
        else if (valid.includes(used)) refused.push(answer);
      }
    });
    for (let rotation = 0; rotation < 4; rotation += 1) {
      await newestInUse();
      // The older of two secrets ends with the next rotation, so its users move on before.
      if (valid.length > 1) valid.shift();
      await newestInUse();
      const { status, json } = await api.call('rotate', { id, gracePeriodSeconds: 3600 }, { token });
      expect(status).toBe(200);
      valid.push(json.secret);
    }
    await newestInUse();
    running = false;
    await Promise.all(callers);
    expect(refused).toEqual([]);
    const total = [...accepted.values()].reduce((sum, count) => sum + count, 0);
    expect(undecided).toBeLessThan(total / 100);
  },
  60_000,
);
