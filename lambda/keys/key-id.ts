import * as z from 'zod/mini';

/** The length of a UUID, in characters. */
const uuidLength = 36;

/** The required input field `id`. */
export const keyId = z.lazy(() => idNamed('id'));

/** An input field with the ID of a key. Upper case is accepted and converted to lower case. */
export function idNamed(field: string) {
  const wrong = `${field} must be a UUID`;
  return z
    .string({ error: ({ input }) => (input === undefined ? `${field} is required` : wrong) })
    .check(z.maxLength(uuidLength, { error: wrong, abort: true }), z.uuid(wrong), z.toLowerCase());
}

/** The input of a procedure for one key, with more fields. */
export function inputWithId<Fields extends z.core.$ZodLooseShape>(fields: Fields) {
  return z.object(
    { id: keyId, ...fields },
    { error: ({ input }) => (input === undefined ? 'id is required' : 'the input must be an object') },
  );
}

/** The input of procedures for one key. */
export const keyIdInput = z.lazy(() => inputWithId({}));
