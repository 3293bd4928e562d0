import type { Alarms } from './alarms';
import type { ServiceMetrics } from './service-metrics';

/** Alarms of a stage that accepts reports of leaked keys. */
export function addLeakAlarms(alarms: Alarms, metrics: ServiceMetrics): void {
  alarms.add({
    name: 'keys-exposed',
    metric: metrics.count('KeysExposed'),
    threshold: 1,
    reason: 'GitHub found the secret of a key in public, and it was ended. Look at its uses and tell its owner.',
  });
  alarms.add({
    name: 'leak-reports',
    metric: metrics.count('LeakReportsFailed'),
    threshold: 1,
    reason: 'A signed report of leaked keys was refused or not completed. If it came from GitHub, keys stay valid.',
  });
}
