import * as z from 'zod/mini';

/** The required input field `id`. */
export const keyId = idNamed('id');

/** An input field with the ID of a key. Upper case is accepted and converted to lower case. */
export function idNamed(field: string) {
  return z.pipe(
    z
      .string({
        error: ({ input }) => (input === undefined ? `${field} is required` : `${field} must be a UUID`),
      })
      .check(z.toLowerCase()),
    z.uuid(`${field} must be a UUID`),
  );
}

/** The input of procedures for one key. */
export const keyIdInput = z.object(
  { id: keyId },
  { error: ({ input }) => (input === undefined ? 'id is required' : 'the input must be an object') },
);
