import type { ExpiryChoice } from '../text/expiry';
import type { Owner } from '../types';
import { stored } from './stored';

/** What is typed in the create dialog. */
export interface Draft {
  readonly name: string;
  readonly description: string;
  readonly expiry: ExpiryChoice;
  /** YYYY-MM-DD, or empty. */
  readonly date: string;
  readonly scopes: readonly string[];
}

/** The dialog that is open. */
export type OpenDialog =
  | { readonly kind: 'create'; readonly draft?: Draft }
  | { readonly kind: 'details' | 'usage' | 'edit' | 'rotate' | 'revoke'; readonly id: string };

/** Where a user is, to come back to after signing in again. */
export interface Place {
  readonly userId: string;
  readonly owner: Owner;
  readonly dialog?: OpenDialog | undefined;
}

const inTab = stored<Place>(() => sessionStorage, 'satori-keys.place');

/** The place of this tab. */
export const place = {
  /** Returns the place of this user. The place of another user is removed. */
  read: (userId: string | undefined): Place | undefined => {
    const found = inTab.read();
    if (userId !== undefined && found?.userId === userId) return found;
    inTab.write(undefined);
    return undefined;
  },
  /** Without a user ID, nothing is kept: it could be shown to another user. */
  write: (userId: string | undefined, owner: Owner, dialog: OpenDialog | undefined): void =>
    inTab.write(userId === undefined ? undefined : { userId, owner, dialog }),
  forget: (): void => inTab.write(undefined),
};
