import { type ApiHarness, startApiHarness } from '../../support/api-harness';
import { found } from './found';
import { type Played, play } from './play';
import { search } from './search';

const lanes = 4;

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness();
  // Without randomness the SDK does not wait before it tries again.
  jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterAll(() => api.close());

describe('known sequences', () => {
  it.each(found)('%s: every promise is kept', async (_what, rounds) => {
    await expect(play(api, rounds)).resolves.toBeUndefined();
  });
});

describe('random sequences of two users, with faults at any call and killed processes', () => {
  let played: Played;

  it('keep every promise, and leave nothing behind', async () => {
    played = await search(api, lanes, { runs: 40, rounds: 6, withinMs: Number(process.env.MODEL_MS ?? 150_000) });
  }, 170_000);

  it('are many, with many faults and killed processes', () => {
    expect(played.sequences).toBeGreaterThan(process.env.MODEL_MS ? 5 : 50);
    expect(played.faults).toBeGreaterThan(played.requests / 4);
    expect(played.kills).toBeGreaterThan(process.env.MODEL_MS ? 0 : 10);
  });
});
