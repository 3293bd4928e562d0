export { ApiKeys, type ApiKeysProps } from './api-keys';
export { english, type Strings } from './text/strings';
export type { ApiKeysClient, ListedKey, Organization } from './types';
