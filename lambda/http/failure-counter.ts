import { KeysPerHourReached, ownerIsDeleted, SessionRefused, WebhookRefused } from '../shared/errors';
import type { Counter } from '../shared/metrics';
import type { PublicCode } from './public-errors';

/** Refusals of sessions that are part of normal use. The others are signs of forged tokens or a wrong configuration. */
const normal: unknown[] = ['no bearer token', 'expired', 'verifier: token-expired', ownerIsDeleted];

/** The counter of a failed call; undefined if no alarm depends on its kind. */
export function failureCounter(error: unknown, code: PublicCode): Counter | undefined {
  if (code === 'INTERNAL_SERVER_ERROR') return 'InternalErrors';
  if (error instanceof KeysPerHourReached) return 'CreationsLimited';
  if (error instanceof SessionRefused) return normal.includes(error.details.reason) ? undefined : 'SessionsRefused';
  // Anybody can send a request that is not signed at all. Clerk's own deliveries always are.
  if (error instanceof WebhookRefused && error.details.reason !== 'not signed') return 'DeliveriesRefused';
  return undefined;
}
