import { appendFileSync } from 'node:fs';
import { createKeyVerifier } from '../../../../packages/verify/index';

/** The verifier as an app creates it: all options come from the environment. */
export const keys = createKeyVerifier();

export const scopes = ['docs:read'];

/** The answer of a handler. Each call appends a line to the file that the test has named. */
export function handle(framework: string, apiKey: { readonly id: string } | undefined) {
  appendFileSync(process.env.HANDLED_FILE ?? '', `${framework}\n`);
  return { id: apiKey?.id };
}
