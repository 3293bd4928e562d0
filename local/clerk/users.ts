import type { UserJSON } from '@clerk/backend';
import { ClerkError } from './error';
import { Journal } from './journal';

/** A user of the stand-in. Every user ID exists until it is deleted. */
export type ClerkUser = UserJSON;

interface Change {
  readonly userId: string;
  readonly state: 'active' | 'banned' | 'deleted';
  /** In ms since 1970. */
  readonly at: number;
}

/** The users of a Clerk instance. */
export class ClerkUserRegistry {
  private readonly changes = new Map<string, Change>();
  private readonly journal: Journal<Change>;
  private readonly startedAt = Date.now();

  /** @param file stores the changes. Without it, they are in memory only. */
  constructor(file?: string) {
    this.journal = new Journal(file);
    for (const change of this.journal.read()) this.changes.set(change.userId, change);
  }

  /** @throws ClerkError 404 for a user who was deleted. */
  get(userId: string): ClerkUser {
    const change = this.changes.get(userId);
    if (change?.state === 'deleted' || !/^user_\w{27}$/.test(userId)) {
      throw new ClerkError(404, 'resource_not_found', `No user was found with id ${userId}.`);
    }
    const { startedAt } = this;
    const times = { created_at: startedAt, updated_at: change?.at ?? startedAt };
    return { ...newUser, ...times, id: userId, banned: change?.state === 'banned' };
  }

  /** @throws ClerkError 404 for a user who was deleted. */
  ban(userId: string): ClerkUser {
    return this.change(userId, 'banned');
  }

  /** @throws ClerkError 404 for a user who was deleted. */
  unban(userId: string): ClerkUser {
    return this.change(userId, 'active');
  }

  delete(userId: string): void {
    this.set(userId, 'deleted');
  }

  private change(userId: string, state: Change['state']): ClerkUser {
    this.get(userId);
    this.set(userId, state);
    return this.get(userId);
  }

  private set(userId: string, state: Change['state']): void {
    const change = { userId, state, at: Date.now() };
    this.journal.append(change);
    this.changes.set(userId, change);
  }
}

/** The members of a user who has signed up and done nothing else. */
const newUser: Omit<ClerkUser, 'id' | 'banned' | 'created_at' | 'updated_at'> = {
  object: 'user',
  username: null,
  first_name: null,
  last_name: null,
  image_url: '',
  has_image: false,
  primary_email_address_id: null,
  primary_phone_number_id: null,
  primary_web3_wallet_id: null,
  password_enabled: false,
  two_factor_enabled: false,
  totp_enabled: false,
  backup_code_enabled: false,
  email_addresses: [],
  phone_numbers: [],
  web3_wallets: [],
  organization_memberships: null,
  external_accounts: [],
  enterprise_accounts: [],
  password_last_updated_at: null,
  public_metadata: {},
  private_metadata: {},
  unsafe_metadata: {},
  external_id: null,
  last_sign_in_at: null,
  locked: false,
  deprovisioned: false,
  lockout_expires_in_seconds: null,
  verification_attempts_remaining: null,
  last_active_at: null,
  create_organization_enabled: true,
  create_organizations_limit: null,
  delete_self_enabled: true,
  legal_accepted_at: null,
  locale: null,
  timezone: null,
};
