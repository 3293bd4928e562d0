import { idInSecret } from '../../../lambda/keys/secret';
import type { DeployedFunction } from '../deployed-function';
import { createEvent, listEvent, verifyEvent } from '../events';
import { startProcess } from '../own-process';
import { keyPrefix, type StandIns } from '../stand-in/start';
import type { TableServer } from '../table-server';
import { startWarm } from '../warm/warm-function';
import type { BatchResult } from '../warm/worker';
import { type StoredKeys, storeKeys, userOf } from './stored-keys';

/** The service's operations, and their calls to DynamoDB alone. */
export const operations = ['verify', 'list', 'create', 'verifyCalls', 'listCalls', 'createCalls'] as const;
export type Operation = (typeof operations)[number];

/** A table with stored keys, the service on it, and the bare calls for comparison. */
export interface Store {
  run(operation: Operation, calls: number): Promise<BatchResult>;
  close(): Promise<void>;
}

/** How many users create keys in turns, so that a list grows by few keys during a measurement. */
const creators = 200;

/** @param newUsers whether the creating users have no keys at the beginning; otherwise they are those with keys. */
export async function startStore(
  { api, floor }: { api: DeployedFunction; floor: DeployedFunction },
  standIns: StandIns,
  stored: StoredKeys,
  newUsers: boolean,
): Promise<Store> {
  const table = await startProcess<TableServer>('table-server.ts');
  const secrets = await storeKeys(table.ready, stored);
  const listedUser = userOf(stored.users - 1);
  const variables = {
    ...standIns.variables,
    AWS_ENDPOINT_URL_DYNAMODB: table.ready.url,
    AWS_ACCESS_KEY_ID: table.ready.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: table.ready.credentials.secretAccessKey,
    TABLE_NAME: table.ready.tableName,
    USES_TABLE_NAME: table.ready.usesTableName,
    BENCH_SECRET_KEY: standIns.secret.secretKey,
    BENCH_KEY_IDS: secrets.map((secret) => idInSecret([keyPrefix], secret)).join(),
    BENCH_LISTED_USER: listedUser,
  };
  const [service, bare] = [await startWarm(api, variables), await startWarm(floor, variables)];
  const tokens = Array.from({ length: newUsers ? creators : stored.users }, (_, index) =>
    standIns.token(newUsers ? `user_creator${index}` : userOf(index)),
  );
  let creations = 0;
  const newCreateEvent = () => {
    creations += 1;
    return createEvent(tokens[creations % tokens.length] ?? '', `Created Key ${creations}`);
  };
  const eventsOf = {
    verify: () => secrets.map(verifyEvent),
    list: () => [listEvent(standIns.token(listedUser))],
    create: (calls: number) => Array.from({ length: calls }, newCreateEvent),
  };
  return {
    run: async (operation, calls) => {
      const batch = { calls, atOnce: 1 };
      if (operation === 'verify' || operation === 'list' || operation === 'create') {
        return await service.run({ ...batch, events: eventsOf[operation](calls) });
      }
      return await bare.run({ ...batch, exported: operation, events: [{}] });
    },
    close: async () => {
      await Promise.all([service, bare, table].map((one) => one.close()));
    },
  };
}
