import { apiForTests } from '../../support/api-harness';

const api = apiForTests();

/** The uses of a key on each day, as keys.usage tells them. */
const usesOf = async ({ id, token }: { id: string; token: string }): Promise<number[]> => {
  const query = `input=${encodeURIComponent(JSON.stringify({ id }))}`;
  const { json } = await api.create('', { token, method: 'GET', procedure: 'keys.usage', query });
  return json.map(({ uses }: { uses: number }) => uses);
};
const noUses = Array<number>(29).fill(0);

describe('a use', () => {
  it('counts once, also if it begins a window', async () => {
    const key = await api.newKey();
    await api.whoami(key.secret);
    expect(await usesOf(key)).toEqual([1, ...noUses]);
    await api.whoami(key.secret);
    api.coldStart();
    await api.whoami(key.secret);
    expect(await usesOf(key)).toEqual([3, ...noUses]);
  });

  it('counts once in each of the processes that use a key at the same time', async () => {
    const key = await api.newKey();
    const handlers = [1, 2, 3].map(() => {
      api.coldStart();
      return api.whoami(key.secret);
    });
    await Promise.all(handlers);
    expect(await usesOf(key)).toEqual([3, ...noUses]);
  });
});
