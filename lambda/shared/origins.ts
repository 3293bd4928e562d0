import { thisMachine } from './service-url';

// An origin is compared as text with what browsers and Clerk send, so each has one canonical form.

/** Schemes of browser extensions and mobile apps. Their `azp` in a session token is such an origin. */
const appOrigin = /^(chrome-extension|moz-extension|safari-web-extension|capacitor|ionic):\/\/[a-z0-9.-]+$/;
const hostName = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;

/**
 * The canonical form of the origin of a web page: https, or http on this machine. Capitals, a slash at the end and the
 * default port are removed.
 * @returns undefined for any other text.
 */
export function webOrigin(text: string): string | undefined {
  const lowerCase = text.toLowerCase();
  const given = lowerCase.endsWith('/') ? lowerCase.slice(0, -1) : lowerCase;
  if (!URL.canParse(given)) return undefined;
  const { protocol, hostname, origin } = new URL(given);
  const local = thisMachine.includes(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && local)) return undefined;
  if (!local && !hostName.test(hostname)) return undefined;
  // URL accepts more than an origin and repairs what is malformed. Only the default port may differ.
  const withPort = `${origin}:${protocol === 'https:' ? 443 : 80}`;
  return given === origin || given === withPort ? origin : undefined;
}

/** The canonical form of the origin of a web page, a browser extension or a mobile app; undefined for any other text. */
export const partyOrigin = (text: string): string | undefined => (appOrigin.test(text) ? text : webOrigin(text));

/**
 * The canonical form of the issuer of session tokens: an origin, and a path if a proxy serves Clerk's Frontend API.
 * @returns undefined for any other text.
 */
export function tokenIssuer(text: string): string | undefined {
  const start = text.indexOf('/', 'https://'.length);
  const origin = webOrigin(start < 0 ? text : text.slice(0, start));
  const path = start < 0 ? '' : text.slice(start, text.endsWith('/') ? -1 : undefined);
  return origin !== undefined && /^(\/[\w-][\w.-]*)*$/.test(path) ? origin + path : undefined;
}
