import * as z from 'zod/mini';
import { partyOrigin, tokenIssuer } from './origins';

// Values that the environment of a function and the stages in stages.config.ts have in common.

/** Words of letters and digits, joined by single underscores; at most 32 characters. */
export const keyPrefix = z.string().check(z.maxLength(32), z.regex(/^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$/));

/** A whole number of at least 1. */
export const positiveWhole = z.int().check(z.positive());

/** The issuer of session tokens, in canonical form. */
export const issuer = z.string().check(z.refine((text) => tokenIssuer(text) === text));

/** The origin of an app whose users can call the API, in canonical form. */
export const authorizedParty = z.string().check(z.refine((text) => partyOrigin(text) === text));

/** Which Clerk secret keys are accepted. */
export const clerkInstance = z.enum(['development', 'production', 'either']);
