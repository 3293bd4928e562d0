import { idInKeySecret } from '../../../lambda/keys/secret';
import type { DeployedFunction } from '../deployed-function';
import { createEvent, listEvent, verifyEvent } from '../events';
import { startProcess } from '../own-process';
import type { StandIns } from '../stand-in/start';
import { startWarm } from '../warm/warm-function';
import type { BatchResult } from '../warm/worker';
import { storeKeys, userOf } from './stored-keys';

/** What is measured at each size: ours, and the table's own part of it by the SDK alone. */
export const operations = ['verify', 'list', 'create', 'UpdateItem', 'Query', 'PutItem'] as const;
export type Operation = (typeof operations)[number];

/** Lambda takes an answer of 6 MB, which is some 20,000 keys, so longer lists are nobody's. */
export const longestList = 20_000;

/** A table with so many keys in it, the service on it, and the bare calls beside it. */
export interface Store {
  run(operation: Operation, calls: number): Promise<BatchResult>;
  close(): Promise<void>;
}

/** @param oneUser whether all keys are one user's; otherwise a user has ten. */
export async function startStore(
  { api, floor }: { api: DeployedFunction; floor: DeployedFunction },
  standIns: StandIns,
  count: number,
  oneUser: boolean,
): Promise<Store> {
  const table = await startProcess<{ url: string; tableName: string }>('table-server.ts');
  const secrets = await storeKeys(table.ready, count, oneUser);
  // Of many users not the one who makes keys meanwhile: their list is to stay as it is.
  const listedUser = userOf(oneUser ? 0 : count - 1, oneUser);
  const variables = {
    ...standIns.variables,
    AWS_ENDPOINT_URL_DYNAMODB: table.ready.url,
    TABLE_NAME: table.ready.tableName,
    BENCH_SECRET_KEY: standIns.secret.secretKey,
    BENCH_KEY_IDS: secrets.map((secret) => idInKeySecret('sk_satori', secret)).join(),
    BENCH_LISTED_USER: listedUser,
  };
  const [service, bare] = [await startWarm(api, variables), await startWarm(floor, variables)];
  const tokenOf = (user: string) => standIns.sessions.sign(user, 3600);
  const events = {
    verify: secrets.map(verifyEvent),
    list: [listEvent(tokenOf(listedUser))],
    create: [createEvent(tokenOf(userOf(0, oneUser)))],
  };
  return {
    run: async (operation, calls) => {
      const batch = { calls, atOnce: 1 };
      if (operation === 'verify' || operation === 'list' || operation === 'create') {
        return await service.run({ ...batch, events: events[operation] });
      }
      const exported = { UpdateItem: 'updateItem', Query: 'query', PutItem: 'putItem' }[operation];
      return await bare.run({ ...batch, exported, events: [{}] });
    },
    close: async () => {
      await Promise.all([service, bare, table].map((one) => one.close()));
    },
  };
}
