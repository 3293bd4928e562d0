import { type ApiHarness, startApiHarness } from '../../support/api-harness';
import { found } from './found';
import { type Played, play } from './play';
import { search } from './search';
import { faultsOf, type PlannedFault, type Step } from './sequences';

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

describe('every fault at every call of a function that has just started keeps every promise', () => {
  it.each<[string, Step]>([
    ['create', { user: 0, does: 'create', name: 1 }],
    ['revoke', { user: 0, does: 'revoke', key: 0 }],
    ['delete user', { user: 0, does: 'delete user' }],
  ])(
    '%s',
    async (_what, step) => {
      // Later calls are made only after other failures, which the random sequences combine.
      const isMade = ({ part, skip }: PlannedFault) => skip < (part === 'dynamodb' ? 7 : 2);
      const faults = faultsOf(step.does).filter(isMade).values();
      const lane = async () => {
        for (const fault of faults) {
          const rounds = [[{ user: 0, does: 'create', name: 0 } as const], [{ ...step, fault, cold: true }]];
          await play(api, rounds).catch(({ message }) => {
            throw new Error(`${JSON.stringify(fault)}: ${message}`);
          });
        }
      };
      await Promise.all(Array.from({ length: 6 }, lane));
    },
    170_000,
  );
});

describe('random sequences of two users, with faults at any call and killed processes', () => {
  let played: Played;

  it('keep every promise, and leave nothing behind', async () => {
    played = await search(api, lanes, { runs: 40, rounds: 6, withinMs: 150_000 });
  }, 170_000);

  it('are many, with many faults and killed processes', () => {
    expect(played.sequences).toBeGreaterThan(50);
    expect(played.faults).toBeGreaterThan(played.requests / 4);
    expect(played.kills).toBeGreaterThan(10);
  });
});
