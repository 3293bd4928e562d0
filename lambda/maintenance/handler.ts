import { maintenanceEnvironment, parseEnvironment } from '../shared/env';
import { createLog } from '../shared/logger';
import { createMetrics } from '../shared/metrics';
import { createMaintenanceHandler } from './maintenance-handler';
import { createMaintenance } from './services';

const environment = parseEnvironment(maintenanceEnvironment, process.env);
const log = createLog(environment.STAGE);
const metrics = createMetrics(environment.STAGE);

export const handler = createMaintenanceHandler(createMaintenance(environment, log, metrics), log, metrics);
