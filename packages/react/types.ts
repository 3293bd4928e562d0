import type { RouterInputs, RouterOutputs } from '../../lambda/http/client';

type Inputs = RouterInputs['keys'];
type Outputs = RouterOutputs['keys'];
type Options = { readonly signal?: AbortSignal };

/**
 * The calls that the component makes. A client of `createTRPCClient<AppRouter>` has this form, and so has an object of
 * your own, for example one that calls your backend. Errors have the form of tRPC's: `data.httpStatus`, `message`.
 */
export interface ApiKeysClient {
  readonly keys: {
    readonly list: { query(input?: Inputs['list'], options?: Options): Promise<ListedKey[]> };
    readonly usage: { query(input: Inputs['usage'], options?: Options): Promise<Outputs['usage']> };
    readonly create: { mutate(input: Inputs['create']): Promise<CreatedKey> };
    readonly update: { mutate(input: Inputs['update']): Promise<ListedKey> };
    readonly rotate: { mutate(input: Inputs['rotate']): Promise<RotatedKey> };
    readonly revoke: { mutate(input: Inputs['revoke']): Promise<Outputs['revoke']> };
  };
}

/** A new key with its secret, as `keys.create` returns it. */
export type CreatedKey = Outputs['create'];
/** The new secret of a key, as `keys.rotate` returns it. */
export type RotatedKey = Outputs['rotate'];
export type CreateInput = Inputs['create'];
export type UpdateInput = Inputs['update'];
export type Usage = Outputs['usage'];

/** A key of the list: what is shown of a key that `keys.list` returns. */
export type ListedKey = Omit<Outputs['list'][number], 'clerkUserId' | 'clerkKeyId' | 'clerkOrgId' | 'revokedAt'>;

/** Whose keys the list shows. */
export type Owner = 'user' | 'organization';

/** The organization that is active in the session. */
export interface Organization {
  readonly name: string;
  /** Whether the user may create and change its keys. Default: true; the API refuses it otherwise. */
  readonly canManage?: boolean;
}
