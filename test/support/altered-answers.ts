import type { Fault, Received } from './faulty-proxy';

// biome-ignore lint/suspicious/noExplicitAny: a test can change any JSON.
type Json = any;

const alter = (change: (real: Received) => Received | 'reset'): Fault => ({ kind: 'alter', alter: change });

/** Changes the JSON of a 200 response, and its status if one is given. */
export const altered = (change: (body: Json) => unknown, status = 200): Fault =>
  alter((real) => {
    if (real.status !== 200) return real;
    return { ...real, status, body: Buffer.from(JSON.stringify(change(JSON.parse(real.body.toString())))) };
  });

/** Resets the connection instead of a 200 response. */
export const lost = alter((real) => (real.status === 200 ? 'reset' : real));

/** Repeats the first 200 response for every later call. */
export function replayed(): Fault {
  let first: Received | undefined;
  return alter((real) => {
    if (real.status === 200) first ??= real;
    return first ?? real;
  });
}

/** Removes a header from a 200 response. */
export const without = (header: string): Fault =>
  alter((real) => {
    const { [header]: taken, ...headers } = real.headers;
    return real.status === 200 && taken ? { ...real, headers } : real;
  });
