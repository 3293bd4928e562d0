import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarms } from './alarms';
import type { KeyEvents } from './key-events';
import type { Maintenance } from './maintenance';
import { sum } from './metric-math';
import type { ServiceMetrics } from './service-metrics';

/** Adds the alarms for the events and the maintenance. */
export function addBackgroundAlarms(
  alarms: Alarms,
  { events, maintenance }: { readonly events: KeyEvents; readonly maintenance: Maintenance },
  metrics: ServiceMetrics,
): void {
  alarms.add({
    name: 'events-failed',
    metric: events.failures.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM }),
    threshold: 1,
    reason: 'Changes of keys could not be sent to the event bus. A queue has their positions in the stream.',
  });
  alarms.add({
    name: 'events-late',
    metric: events.live.metric('IteratorAge', { statistic: Stats.MAXIMUM }),
    threshold: 600_000,
    periods: 2,
    reason: 'The changes of keys are sent to the event bus more than ten minutes late.',
  });
  alarms.add({
    name: 'maintenance-failed',
    metric: sum('Maintenance failures', {
      failures: metrics.count('MaintenanceFailures'),
      errors: maintenance.live.metricErrors(),
    }),
    threshold: 1,
    reason: 'A task of the maintenance failed, or the function crashed or timed out. The next run repeats it.',
  });
  alarms.add({
    name: 'maintenance-missing',
    metric: metrics.count('MaintenanceRuns'),
    threshold: 1,
    periods: 36,
    whenBelow: true,
    reason: 'The maintenance has not run for three hours. It runs each hour.',
  });
  alarms.add({
    name: 'comparison-stopped',
    metric: metrics.count('ComparisonsStopped'),
    threshold: 1,
    reason:
      'Too many keys are revoked or missing in Clerk, so the maintenance stopped comparing and revoked no more keys.',
  });
  alarms.add({
    name: 'revoked-at-clerk',
    metric: metrics.count('KeysRevokedAtClerk'),
    threshold: 1,
    reason: 'Keys were revoked in Clerk and not here, for example in its dashboard. The maintenance revoked them here.',
  });
  alarms.add({
    name: 'missing-at-clerk',
    metric: metrics.count('KeysMissingAtClerk'),
    threshold: 1,
    reason: 'Clerk does not know active keys. Their owner was deleted, or the Clerk secret is of another instance.',
  });
}
