import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { awsClientOptions } from '../shared/aws-clients';
import { eventsEnvironment, parseEnvironment } from '../shared/env';
import { createLog } from '../shared/logger';
import { createMetrics } from '../shared/metrics';
import { EventBus } from './event-bus';
import { createStreamHandler } from './stream-handler';

const environment = parseEnvironment(eventsEnvironment, process.env);
const log = createLog(environment.STAGE);
const client = new EventBridgeClient(awsClientOptions(environment.AWS_ENDPOINT_URL_EVENTBRIDGE));

export const handler = createStreamHandler(
  new EventBus(client, environment.EVENT_BUS_NAME, log),
  log,
  createMetrics(environment.STAGE),
);
