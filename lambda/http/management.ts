import type { ClerkApiKeys } from '../clerk/api-keys';
import { KeyIssuer, type KeyIssuerOptions } from '../keys/issuer';
import { KeyLister } from '../keys/lister';
import type { createRepositories } from '../keys/repository/repositories';
import { KeyRevoker } from '../keys/revoker';
import type { Metrics } from '../shared/metrics';

/** What signed-in users do with their keys. A verification needs none of it, so it is loaded when it is first needed. */
export interface Management {
  readonly issuer: KeyIssuer;
  readonly lister: KeyLister;
  readonly revoker: KeyRevoker;
}

export function createManagement(
  { keys, owners, uses }: ReturnType<typeof createRepositories>,
  clerk: ClerkApiKeys,
  options: KeyIssuerOptions,
  metrics: Metrics,
): Management {
  const revoker = new KeyRevoker(clerk, keys, owners, metrics);
  return {
    revoker,
    issuer: new KeyIssuer(clerk, keys, owners, revoker, options, metrics),
    lister: new KeyLister(keys, owners, uses, revoker, options.orphanAgeMs),
  };
}
