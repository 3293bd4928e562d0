import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KeyStore } from '../services/key-store';
import { KeyVerifier } from '../services/key-verifier';
import { awsTimeouts } from '../shared/aws-timeouts';
import { authorizerEnvironment, parseEnvironment } from '../shared/env';
import { createLog } from '../shared/logger';
import { createAuthorizer } from './authorizer';

const environment = parseEnvironment(authorizerEnvironment, process.env);
const log = createLog(environment.STAGE);
const store = new KeyStore(new DynamoDBClient(awsTimeouts), environment.TABLE_NAME);

export const handler = createAuthorizer(
  new KeyVerifier(store, {
    keyPrefix: environment.KEY_PREFIX,
    requestsPerMinute: environment.KEY_REQUESTS_PER_MINUTE,
  }),
  log,
);
