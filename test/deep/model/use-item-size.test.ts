import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createRepositories } from '../../../lambda/keys/repository/repositories';
import { dayMs } from '../../../lambda/keys/repository/use-item';
import { Deadline } from '../../../lambda/shared/deadline';
import { bytesOf } from '../../../tools/cli/costs/sample-items';
import { apiForTests } from '../../support/api-harness';

const api = apiForTests();
const oneWriteUnit = 1024;

/** The name of the Region is part of the sort key. This one has the longest name. */
const AWS_REGION = 'ap-northeast-1';

/** The repository of uses in a new process. */
function newUses() {
  const { TABLE_NAME = '', USES_TABLE_NAME = '' } = api.environment;
  return createRepositories(new DynamoDBClient({}), { TABLE_NAME, USES_TABLE_NAME, AWS_REGION }).uses;
}

/** Uses a key on each of these days, once, by a new process that limits keys or does not. @returns the sizes of the item. */
async function sizesAfterUses(days: readonly number[], limited: boolean): Promise<number[]> {
  const id = randomUUID();
  const start = Date.now();
  const sizes: number[] = [];
  for (const day of days) {
    const clock = jest.spyOn(Date, 'now').mockReturnValue(start + day * dayMs);
    // Each secret of a key that is rotated every ten days is used, and a billion uses are the most that a day has.
    const uses = { uses: 1_000_000_000, secretNumber: 1_000 + Math.floor(day / 10) };
    const deadline = Deadline.in(5_000);
    if (limited) await newUses().beginWindow(id, uses, 60_000, deadline);
    else await newUses().noteUses(id, uses, deadline);
    clock.mockRestore();
    const item = (await api.everything()).find(({ pk }) => pk === id);
    sizes.push(bytesOf(item ?? {}));
  }
  return sizes;
}

const everyDay = Array.from({ length: 100 }, (_, day) => day);

it.each([
  ['every day, with a limit', everyDay, true],
  ['every day, without a limit', everyDay, false],
  ['every week, with a limit', everyDay.map((day) => 7 * day), true],
  ['on working days, without a limit', everyDay.map((day) => day + 2 * Math.floor(day / 5)), false],
])('the use item of a key that new processes use %s stays one write unit', async (_when, days, limited) => {
  expect(Math.max(...(await sizesAfterUses(days, limited)))).toBeLessThanOrEqual(oneWriteUnit);
});
