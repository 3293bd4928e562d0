// The names of the metrics. This file imports nothing, so the stack can import it.

/** The counters of functions that run without a request: the maintenance, and the one that sends events. */
export const backgroundCounters = [
  /** Runs of the maintenance. */
  'MaintenanceRuns',
  /** Tasks of the maintenance that failed. The log names them. */
  'MaintenanceFailures',
  /** Sweeps whose comparison with Clerk stopped, because too many keys are revoked or missing there. */
  'ComparisonsStopped',
  /** Keys that the maintenance compared with Clerk. */
  'KeysCompared',
  /** Keys that were revoked only in Clerk, and that the maintenance revoked in the table. */
  'KeysRevokedAtClerk',
  /** Active keys that Clerk does not know, or knows as keys of another installation. They stay valid. */
  'KeysMissingAtClerk',
  /** Revoked keys and tombstones that the maintenance removed after their retention. */
  'KeysRemoved',
  /** Entries without an active key that the maintenance removed. */
  'EntriesRemoved',
  'ExpiriesAnnounced',
  'FirstUsesAnnounced',
  /** Keys that the maintenance disabled, because they were not used for a long time. */
  'IdleKeysDisabled',
  /** Events that EventBridge accepted. */
  'EventsSent',
  /** Attempts to send an event that failed. Lambda repeats them. */
  'EventsNotSent',
] as const;

/** The counters of requests. */
export const requestCounters = [
  'KeysCreated',
  'KeysRevoked',
  'KeysRotated',
  /** Creations whose Clerk key was created and whose key was not stored; the caller got a 503. */
  'KeysNotStored',
  /** Clerk keys without a usable key that were revoked to free their names. */
  'OrphansRevoked',
  /** Failed attempts to revoke a Clerk key whose key is revoked. */
  'RevocationsPending',
  /** Ended keys that a list, the deletion of a user or a report of leaks settled: revoked in Clerk, and their entry removed. */
  'RevocationsSettled',
  'VerificationsAccepted',
  /** Refused keys: missing, malformed, unknown, altered, revoked and so on, and those without a required scope. */
  'VerificationsDenied',
  'VerificationsLimited',
  /** Verifications that failed, usually because the table did not answer. */
  'VerificationsUndecided',
  /** Calls to Clerk with a usable response, including "name in use". */
  'ClerkCallsAnswered',
  /** Status 429. */
  'ClerkCallsLimited',
  /** Status 401 or 403: the stored secret key is not valid. */
  'ClerkCallsUnauthorized',
  /** Any other status 4xx. */
  'ClerkCallsRefused',
  /** Status 5xx, no response in time, or an incomplete response. */
  'ClerkCallsFailed',
  /** Reads of the Clerk secret that gave no usable value. */
  'ClerkSecretUnusable',
  /** Reads of a Clerk secret that was stored within the last hour, or since this process read it before. */
  'ClerkSecretChanged',
  /** Requests with a session token that is refused, except for one that is missing or expired. */
  'SessionsRefused',
  /** Webhook deliveries whose signature or time is wrong. */
  'DeliveriesRefused',
  /** Secrets that a report of GitHub's secret scanning ended. */
  'KeysExposed',
  /** Signed reports of GitHub's secret scanning that were refused or not handled completely. */
  'LeakReportsFailed',
  /** Requests to create a key that are refused because the owner has reached the limit of attempts per hour. */
  'CreationsLimited',
  /** Requests that are answered with 500: a bug, or a wrong configuration. */
  'InternalErrors',
] as const;

/** All counters, by their names in CloudWatch. */
export const counters = [...requestCounters, ...backgroundCounters] as const;

export type Counter = (typeof counters)[number];

/** The metric of the duration of calls to Clerk, in ms. */
export const clerkLatency = 'ClerkLatency';

/** The namespace of all metrics. */
export const metricNamespace = 'SatoriKeys';

/** The value of the dimension `service`. The second dimension is `stage`. */
export const serviceName = 'satori-keys';
