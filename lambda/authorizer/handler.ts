import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createRepositories } from '../keys/repository/repositories';
import { KeyVerifier } from '../keys/verifier';
import { awsClientOptions } from '../shared/aws-clients';
import { authorizerEnvironment, parseEnvironment, verifierOptions } from '../shared/env';
import { createLog } from '../shared/logger';
import { createMetrics } from '../shared/metrics';
import { createAuthorizer } from './authorizer';

const environment = parseEnvironment(authorizerEnvironment, process.env);
const log = createLog(environment.STAGE);
const metrics = createMetrics(environment.STAGE);
const dynamodb = new DynamoDBClient(awsClientOptions(environment.AWS_ENDPOINT_URL_DYNAMODB));
const { keys, uses } = createRepositories(dynamodb, environment);
const verifier = new KeyVerifier(keys, uses, verifierOptions(environment), metrics);

export const handler = createAuthorizer(verifier, environment.REQUIRED_SCOPES, log, metrics);
