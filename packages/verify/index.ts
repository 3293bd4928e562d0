import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KeyRepository } from '../../lambda/keys/repository/key-repository';
import { Table } from '../../lambda/keys/repository/table';
import { UseRepository } from '../../lambda/keys/repository/use-repository';
import { KeyVerifier } from '../../lambda/keys/verifier';
import { awsClientOptions, prepare } from '../../lambda/shared/aws-clients';
import { type KeyVerifierOptions, parseOptions } from './options';
import type { ApiKeyVerifier } from './types';
import { noMetrics, verifierWith } from './verification';

export type { KeyVerifierOptions } from './options';
export type * from './types';

/** The maximum number of connections to DynamoDB. A verification uses two at the same time. */
const maxSockets = 200;

/**
 * Creates a verifier of API keys that runs in this process. It reads the service's tables itself. Create one per
 * process: it caches the digests of accepted keys.
 * @throws TypeError for a wrong or missing option.
 */
export function createKeyVerifier(options: KeyVerifierOptions = {}): ApiKeyVerifier {
  const settings = parseOptions(options, process.env);
  const { tableName, usesTableName, keyPrefix, previousKeyPrefixes, requestsPerMinute, useRegions } = settings;
  const client = settings.client ?? newClient(settings.region);
  const keys = new KeyRepository(new Table(client, tableName));
  const limits = { keyPrefixes: [keyPrefix, ...previousKeyPrefixes], requestsPerMinute };
  let created: KeyVerifier | undefined;
  const verifier = async () => {
    if (created) return created;
    const region = settings.region ?? (await client.config.region());
    const uses = new UseRepository(new Table(client, usesTableName), region, useRegions);
    // Another verification may have created it since. Both must use the same cache.
    created ??= new KeyVerifier(keys, uses, limits, noMetrics);
    return created;
  };
  return verifierWith(verifier, settings);
}

function newClient(region: string | undefined): DynamoDBClient {
  const defaults = awsClientOptions(process.env.AWS_ENDPOINT_URL_DYNAMODB);
  const requestHandler = { ...defaults.requestHandler, httpAgent: { maxSockets }, httpsAgent: { maxSockets } };
  return prepare(new DynamoDBClient({ ...defaults, requestHandler, ...(region !== undefined && { region }) }));
}
