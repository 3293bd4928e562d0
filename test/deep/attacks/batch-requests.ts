import type { Setting } from './attack';
import { signedIn } from './requests';

/** The inputs of as many calls of keys.create. */
export const named = (...names: unknown[]) =>
  JSON.stringify(Object.fromEntries(names.map((name, index) => [index, { name }])));
/** The path of so many calls. */
export const creates = (calls: number) => Array(calls).fill('keys.create').join();

/** A batch with everything right but its calls. */
export const batch =
  (procedures: string, body: string, query = 'batch=1') =>
  (setting: Setting) => ({
    path: `/trpc/${procedures}`,
    query,
    headers: signedIn(setting),
    body,
  });
export const reading =
  (procedures: string, query = 'batch=1') =>
  (setting: Setting) => ({
    method: 'GET',
    path: `/trpc/${procedures}`,
    query,
    headers: signedIn(setting),
  });
