import type { VerifyOptions } from './types';

/**
 * @throws TypeError for options that are not `{ scopes: string[] }`, so that a misspelled option does not mean that no
 *   scope is required.
 */
export function requiredScopes(options: VerifyOptions): readonly string[] {
  const unknown = Object.keys(options).filter((name) => name !== 'scopes');
  if (unknown.length > 0) throw new TypeError(`Unknown option ${unknown.join(', ')}. The only option is scopes.`);
  const { scopes = [] } = options;
  if (!Array.isArray(scopes) || scopes.some((scope) => typeof scope !== 'string' || scope === '')) {
    throw new TypeError("scopes must be a list of names, such as ['docs:read'].");
  }
  return scopes;
}
