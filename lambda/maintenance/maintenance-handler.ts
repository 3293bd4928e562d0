import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { Deadline } from '../shared/deadline';
import type { Log } from '../shared/logger';
import type { Metrics } from '../shared/metrics';
import type { Maintenance, Outcome } from './maintenance';

/** An operator can start a full sweep with `{"full":true}`. The schedule sends an event of EventBridge. */
const maintenanceEvent = z.object({ full: z._default(z.boolean(), false) });

/** The time before Lambda's timeout that is reserved for the end of a step, in ms. */
const marginMs = 10_000;

/** Creates the handler of the schedule. It never throws: the alarms watch its metrics. */
export function createMaintenanceHandler(maintenance: Maintenance, log: Log, metrics: Metrics) {
  return async (rawEvent: unknown, context: Context): Promise<{ outcome: Outcome }> => {
    const startedAt = performance.now();
    const deadline = Deadline.in(context.getRemainingTimeInMillis() - marginMs);
    const { full } = maintenanceEvent.safeParse(rawEvent).data ?? { full: false };
    const outcome = await maintenance.run({ full }, deadline);
    if (outcome !== 'failure') metrics.count('MaintenanceRuns');
    // Always at level INFO, because this line also carries the metrics.
    log.info('maintenance', {
      outcome,
      durationMs: Math.round(performance.now() - startedAt),
      ...deadline.waited(),
      ...metrics.take(),
    });
    return { outcome };
  };
}
