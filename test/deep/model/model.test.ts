import { type ApiHarness, startApiHarness } from '../../support/api-harness';
import { found } from './found';
import { type Played, play } from './play';
import { searchInLanes } from './search';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness();
  // The SDK waits for a random time before it tries again; here for none.
  jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterAll(() => api.close());

describe('sequences that were found', () => {
  it.each(found)('%s: every promise is kept', async (_what, rounds) => {
    await expect(play(api, rounds)).resolves.toBeUndefined();
  });
});

describe('random sequences of two users, with faults at any call and processes that die', () => {
  const lanes = 4;
  const runs = 50;
  let played: Played;

  it('keep every promise, and leave nothing behind', async () => {
    played = await searchInLanes(api, lanes, { runs, rounds: 6, withinMs: 150_000 });
  }, 170_000);

  it('are hundreds, and full of faults and deaths', () => {
    expect(played.sequences).toBe(lanes * runs);
    expect(played.faults).toBeGreaterThan(played.requests / 4);
    expect(played.kills).toBeGreaterThan(20);
  });
});
