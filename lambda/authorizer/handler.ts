import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KeyStore } from '../keys/repository/key-store';
import { KeyVerifier } from '../keys/verifier';
import { awsClientOptions } from '../shared/aws-clients';
import { authorizerEnvironment, parseEnvironment } from '../shared/env';
import { createLog } from '../shared/logger';
import { createMetrics } from '../shared/metrics';
import { createAuthorizer } from './authorizer';

const environment = parseEnvironment(authorizerEnvironment, process.env);
const log = createLog(environment.STAGE);
const metrics = createMetrics(environment.STAGE);
const dynamodb = new DynamoDBClient(awsClientOptions(environment.AWS_ENDPOINT_URL_DYNAMODB));
const store = new KeyStore(dynamodb, environment.TABLE_NAME);

const { KEY_PREFIX: keyPrefix, KEY_REQUESTS_PER_MINUTE: requestsPerMinute } = environment;
const verifier = new KeyVerifier(store, { keyPrefix, requestsPerMinute }, metrics);

export const handler = createAuthorizer(verifier, log, metrics);
