import * as z from 'zod/mini';

/** Clerk's minimum: Backend API reference, `POST /api_keys`. */
const minLength = 3;
const maxLength = 100;
/**
 * The longest name that is normalized, in UTF-16 code units, because normalization takes quadratic time to sort
 * combining marks. NFC composes at most four code points of two units to one, so a longer name has over 125.
 */
const maxUnits = 1_000;

/** Control characters, lone surrogates, line separators and characters that change the reading direction. */
const forbidden = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

/** Length in code points. */
const lengthOf = (text: string) => [...text].length;

const tooLong = { error: `name must be at most ${maxLength} characters`, abort: true };

/** The name of a key. It is normalized to NFC and trimmed, so names that look equal are equal. */
export const keyName = z
  .string({ error: ({ input }) => (input === undefined ? 'name is required' : 'name must be a string') })
  .check(
    z.trim(),
    z.refine((name) => name.length <= maxUnits, tooLong),
    z.normalize('NFC'),
    z.refine((name) => lengthOf(name) >= minLength, {
      error: `name must be at least ${minLength} characters`,
      abort: true,
    }),
    z.refine((name) => lengthOf(name) <= maxLength, tooLong),
    z.refine((name) => !forbidden.test(name), {
      error: 'name must not contain control characters, line separators, bidirectional overrides or lone surrogates',
    }),
  )
  .register(z.globalRegistry, {
    description: `${minLength} to ${maxLength} characters (code points) after trimming, no control characters`,
  });
