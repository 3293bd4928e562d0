import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KeyRepository } from '../keys/repository/key-repository';
import { Table } from '../keys/repository/table';
import { UseRepository } from '../keys/repository/use-repository';
import { KeyVerifier } from '../keys/verifier';
import { awsClientOptions, prepare } from '../shared/aws-clients';
import { authorizerEnvironment, parseEnvironment, verifierOptions } from '../shared/env';
import { createLog } from '../shared/logger';
import { createMetrics } from '../shared/metrics';
import { createAuthorizer } from './authorizer';

const environment = parseEnvironment(authorizerEnvironment, process.env);
const log = createLog(environment.STAGE);
const metrics = createMetrics(environment.STAGE);
const dynamodb = prepare(new DynamoDBClient(awsClientOptions(environment.AWS_ENDPOINT_URL_DYNAMODB)));
// Without the repositories that only the API needs, which would take time to load.
const keys = new KeyRepository(new Table(dynamodb, environment.TABLE_NAME));
const usesTable = new Table(dynamodb, environment.USES_TABLE_NAME);
const uses = new UseRepository(usesTable, environment.AWS_REGION, environment.USE_REGIONS);
const verifier = new KeyVerifier(keys, uses, verifierOptions(environment), metrics);

export const handler = createAuthorizer(verifier, environment.REQUIRED_SCOPES, log, metrics);
