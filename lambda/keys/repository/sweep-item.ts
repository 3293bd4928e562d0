import * as z from 'zod/mini';

/** The progress of the maintenance, which goes through the table in sweeps. */
export const sweepItem = z.object({
  /** The primary key after which the running sweep continues. Absent at its start. */
  after: z.optional(z.object({ pk: z.string(), sk: z.string() })),
  running: z.boolean(),
  /** Whether the running sweep does all tasks. Otherwise it settles pending revocations and announces first uses. */
  full: z.boolean(),
  /** When the last full sweep began. */
  fullSweepAt: z.optional(z.iso.datetime()),
  /** The keys that this sweep has compared with Clerk, and those that it found revoked and missing there. */
  checked: z.number(),
  revokedAtClerk: z.number(),
  missingAtClerk: z.number(),
  /** True if the comparison has stopped for the rest of the sweep, because too many keys differ. */
  comparisonStopped: z.boolean(),
  version: z.number(),
});
export type SweepItem = z.infer<typeof sweepItem>;
