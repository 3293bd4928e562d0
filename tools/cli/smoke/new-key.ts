/** What a key is created with. The answer repeats it. */
export interface NewKey {
  readonly name: string;
  readonly description?: string;
  readonly scopes?: readonly string[];
  readonly expiresAt?: string;
  readonly owner?: 'organization';
}
