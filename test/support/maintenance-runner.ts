import type { Context } from 'aws-lambda';
import { defaultOptions, type MaintenanceOptions } from '../../lambda/maintenance/maintenance';
import { createMaintenanceHandler } from '../../lambda/maintenance/maintenance-handler';
import { createMaintenance } from '../../lambda/maintenance/services';
import { maintenanceEnvironment, parseEnvironment } from '../../lambda/shared/env';
import { createMetrics } from '../../lambda/shared/metrics';
import type { ApiHarness } from './api-harness';
import { logTo } from './environment';

export interface RunOptions extends Partial<MaintenanceOptions> {
  readonly environment?: Readonly<Record<string, string>>;
  /** How much time the run has, in ms, besides the margin that it keeps. Default: a minute. */
  readonly timeMs?: number;
  /** Whether to begin a full sweep in any case. Default: true. */
  readonly full?: boolean;
}

/** Runs the maintenance as its schedule does, in a process of its own memory. */
export async function runMaintenance(
  api: ApiHarness,
  { environment, timeMs = 60_000, full = true, ...options }: RunOptions = {},
) {
  const lines: Record<string, unknown>[] = [];
  const log = logTo(lines);
  const metrics = createMetrics('test');
  const variables = {
    ...api.environment,
    REVOKED_KEY_RETENTION_DAYS: '90',
    IDLE_KEY_DAYS: 'off',
    ...environment,
  };
  // Fast: the pace has a test of its own.
  const all = { ...defaultOptions, clerkCallsPerSecond: 10_000, ...options };
  const maintenance = createMaintenance(parseEnvironment(maintenanceEnvironment, variables), log, metrics, all);
  const handler = createMaintenanceHandler(maintenance, log, metrics);
  const context = { getRemainingTimeInMillis: () => timeMs + 10_000 } as Context;
  const { outcome } = await handler({ full }, context);
  const last = lines.at(-1) ?? {};
  return { outcome, lines, count: (name: string) => Number(last[name] ?? 0) };
}
