import { type ApiHarness, startApiHarness } from '../../support/api-harness';
import { play } from './play';
import { faultsOf, type PlannedFault, type Step } from './sequences';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness();
  // Without randomness the SDK does not wait before it tries again.
  jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterAll(() => api.close());

describe('every fault at every call of a function that has just started keeps every promise', () => {
  /** Each with the number of its calls to DynamoDB. */
  it.each<[string, number, Step]>([
    ['create', 7, { user: 0, does: 'create', name: 1 }],
    ['revoke', 4, { user: 0, does: 'revoke', key: 0 }],
    ['delete user', 5, { user: 0, does: 'delete user' }],
    ['rotate', 3, { user: 0, does: 'rotate', key: 0, graceful: true }],
  ])(
    '%s',
    async (_what, calls, step) => {
      // Later calls are made only after other failures, which the random sequences combine.
      const isMade = ({ part, skip }: PlannedFault) => skip < (part === 'dynamodb' ? calls : 2);
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
