import * as z from 'zod/mini';

// The parts that all events of API Gateway have. Local emulators create slightly different events: some send null for a
// member that API Gateway leaves out, or header names as the client wrote them.

/** Headers by their names in lower case, as in payload format 2.0. */
export const eventHeaders = z._default(
  z.pipe(
    z.record(z.string(), z.string()),
    z.transform((headers) =>
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    ),
  ),
  {},
);

/** The event without the members that are null, at any depth. */
export function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}
