import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ClerkApiKeys } from '../clerk/api-keys';
import { ClerkBackend } from '../clerk/backend';
import { ClerkKeyStates } from '../clerk/key-states';
import { ClerkSecretSource } from '../clerk/secret';
import { createRepositories } from '../keys/repository/repositories';
import { SweepRepository } from '../keys/repository/sweep-repository';
import { SweepTable } from '../keys/repository/sweep-table';
import { Table } from '../keys/repository/table';
import { KeyRevoker } from '../keys/revoker';
import { awsClientOptions } from '../shared/aws-clients';
import type { MaintenanceEnvironment } from '../shared/env';
import type { Log } from '../shared/logger';
import type { Metrics } from '../shared/metrics';
import { AgeTasks } from './age-tasks';
import { CompareTask } from './compare-task';
import { Maintenance, type MaintenanceOptions } from './maintenance';
import { SettleTask } from './settle-task';

/** Creates the maintenance with its services, once per process. */
export function createMaintenance(
  environment: MaintenanceEnvironment,
  log: Log,
  metrics: Metrics,
  options?: MaintenanceOptions,
): Maintenance {
  const dynamodb = new DynamoDBClient(awsClientOptions(environment.AWS_ENDPOINT_URL_DYNAMODB));
  const { keys, changes, owners, uses } = createRepositories(dynamodb, environment);
  const { TABLE_NAME, USES_TABLE_NAME, AWS_REGION, USE_REGIONS = [AWS_REGION] } = environment;
  const table = new SweepTable(dynamodb, TABLE_NAME);
  const sweep = new SweepRepository(table, new Table(dynamodb, USES_TABLE_NAME), USE_REGIONS);
  const secret = new ClerkSecretSource(
    {
      secretId: environment.CLERK_SECRET_ID,
      instance: environment.CLERK_INSTANCE,
      endpoint: environment.AWS_ENDPOINT_URL_SECRETS_MANAGER,
    },
    metrics,
  );
  const backend = new ClerkBackend(secret, metrics, environment.CLERK_API_URL);
  const clerk = new ClerkApiKeys(backend);
  // No prefixes, because the maintenance never receives a secret.
  const revoker = new KeyRevoker(clerk, keys, changes, owners, [], metrics);
  const tasks = {
    settle: new SettleTask(keys, revoker, clerk),
    compare: new CompareTask(new ClerkKeyStates(backend), keys, revoker),
    age: new AgeTasks(sweep, owners, uses, {
      revokedKeyRetentionDays: environment.REVOKED_KEY_RETENTION_DAYS,
      idleKeyDays: environment.IDLE_KEY_DAYS,
    }),
  };
  return new Maintenance(sweep, keys, tasks, log, metrics, options);
}
