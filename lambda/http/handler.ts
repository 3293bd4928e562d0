import { apiEnvironment, parseEnvironment } from '../shared/env';
import { createLog } from '../shared/logger';
import { createMetrics } from '../shared/metrics';
import { createHttpHandler } from './http-handler';
import { createServices } from './services';

const environment = parseEnvironment(apiEnvironment, process.env);
const log = createLog(environment.STAGE);
const metrics = createMetrics(environment.STAGE);

export const handler = createHttpHandler(createServices(environment, metrics), log, metrics);
