import type { Fault, Received } from './faulty-proxy';

// biome-ignore lint/suspicious/noExplicitAny: a test alters the JSON as it likes.
type Json = any;

const alter = (change: (real: Received) => Received | 'reset'): Fault => ({ kind: 'alter', alter: change });

/** Of what was to be answered with 200, the JSON that `change` makes of it, and another status if one is given. */
export const altered = (change: (body: Json) => unknown, status = 200): Fault =>
  alter((real) => {
    if (real.status !== 200) return real;
    return { ...real, status, body: Buffer.from(JSON.stringify(change(JSON.parse(real.body.toString())))) };
  });

/** The connection breaks where the answer was to be 200. */
export const lost = alter((real) => (real.status === 200 ? 'reset' : real));

/** Once there was a 200, every answer is that one. */
export function replayed(): Fault {
  let first: Received | undefined;
  return alter((real) => {
    if (real.status === 200) first ??= real;
    return first ?? real;
  });
}

/** An answer of 200 lacks the header. */
export const without = (header: string): Fault =>
  alter((real) => {
    const { [header]: taken, ...headers } = real.headers;
    return real.status === 200 && taken ? { ...real, headers } : real;
  });
