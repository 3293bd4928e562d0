import * as z from 'zod/mini';

/** Clerk refuses fewer: its Backend API reference, `POST /api_keys`. */
const minLength = 3;
const maxLength = 100;

/** Controls, surrogates without their other half, line separators, and what turns the reading direction round. */
const unfit = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

/** Length as a reader of Unicode counts it, in code points. */
const lengthOf = (text: string) => [...text].length;

/** The name of a key: trimmed and in NFC, so that a name has one spelling in bytes. */
export const keyName = z
  .string({ error: ({ input }) => (input === undefined ? 'name is required' : 'name must be a string') })
  .check(
    z.normalize('NFC'),
    z.trim(),
    z.refine((name) => lengthOf(name) >= minLength, {
      error: `name must be at least ${minLength} characters`,
      abort: true,
    }),
    z.refine((name) => lengthOf(name) <= maxLength, {
      error: `name must be at most ${maxLength} characters`,
      abort: true,
    }),
    z.refine((name) => !unfit.test(name), {
      error:
        'name must not hold control characters, line separators, bidirectional overrides or lone surrogates',
    }),
  )
  .register(z.globalRegistry, {
    description: `${minLength} to ${maxLength} characters (code points) after trimming, no control characters`,
  });
