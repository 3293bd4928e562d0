import * as z from 'zod/mini';
import { partyOrigin, tokenIssuer, webOrigin } from '../../lambda/shared/origins';
import * as shared from '../../lambda/shared/values';
import { value } from './value';
import type { LogDays } from './values';

// The kinds of values in stages.config.ts.

/** Converts a text to its canonical form, if it has one. Otherwise the schema of the result refuses it. */
const canonical = (canonicalForm: (text: string) => string | undefined) =>
  z.pipe(
    z.string(),
    z.transform((text: string) => canonicalForm(text) ?? text),
  );

const originForm =
  'https://HOST or https://HOST:PORT, without a path, query or user, and http:// only for localhost, 127.0.0.1 or [::1]';

/** The origin of a web page. */
export const origin = value(
  z.pipe(canonical(webOrigin), z.string().check(z.refine((text) => webOrigin(text) === text))),
  `the origin of a web page: ${originForm}`,
  'https://app.acme.com',
);

/** The origin of an app whose users can call the API. */
export const authorizedParty = value(
  z.pipe(canonical(partyOrigin), shared.authorizedParty),
  `the origin of an app: ${originForm}, or the origin of a browser extension or a mobile app`,
  'https://app.acme.com',
);

export const issuer = value(
  z.pipe(canonical(tokenIssuer), shared.issuer),
  'the Frontend API URL of the Clerk instance: https://HOST, without a query, and a path only if your own proxy serves it',
  'https://clerk.acme.com',
);

/** Prefixes that secret scanners report as Stripe keys: https://docs.stripe.com/keys */
const stripePrefixes = /^(sk|rk|pk)_(live|test|prod)(_|$)/i;

export const keyPrefix = value(
  shared.keyPrefix.check(z.refine((prefix) => !stripePrefixes.test(prefix))),
  'words of letters and digits joined by single underscores, at most 32 characters, and no prefix that secret scanners report as Stripe keys (sk_live, sk_test, …)',
  'sk_acme',
);

/** A whole number of at least 1. */
export const positive = value(shared.positiveWhole, 'a whole number of at least 1', 100);

export const notNegative = value(z.int().check(z.gte(0)), 'a whole number of at least 0', 100);

export const wholeFrom = (min: number, max: number) =>
  value(z.int().check(z.gte(min), z.lte(max)), `a whole number from ${min} to ${max}`, max);

export const logDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const satisfies readonly LogDays[];

export const retention = value(z.literal(logDays), `one of these numbers of days: ${logDays.join(', ')}`, 30);

const hostName = /^[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$/;

/** A DNS name. Capitals and the dot at the end are removed. */
export const dnsName = (what: string, example: string) =>
  value(
    z.pipe(
      canonical((text) => text.toLowerCase().replace(/\.$/, '')),
      z.string().check(z.maxLength(253), z.regex(hostName)),
    ),
    `${what}: words of letters, digits and hyphens, joined by dots, without https://`,
    example,
  );

export const region = value(z.string().check(z.regex(/^[a-z]+(-[a-z]+)+-\d$/)), 'an AWS Region', 'eu-central-1');

/** A list without repeated elements. @param form what its elements are. @param min how many elements it has at least. */
export const listOf = <Element extends z.ZodMiniType>(
  element: Element,
  form: string,
  example: z.input<Element>[],
  min = 0,
) =>
  value(
    z.array(element).check(
      z.minLength(min),
      z.refine((list) => new Set(list).size === list.length),
    ),
    `a list of ${min > 0 ? `at least ${min} ` : ''}${form}, each only once`,
    example,
  );

/** Text with a pattern. */
export const text = (pattern: RegExp, form: string, example: string) =>
  value(z.string().check(z.regex(pattern)), form, example);

export const scopeName = z.string().check(z.regex(/^[\w.:-]{1,100}$/));

export const scope = value(scopeName, 'the name of a scope in scopes', 'docs:read');

export const role = value(
  z.string().check(z.regex(/^[a-z][a-z0-9_]*$/)),
  'the key of a role in Clerk, without "org:"',
  'admin',
);

export const flag = value(z.boolean(), 'true or false', true);
