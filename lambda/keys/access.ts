import type { Session } from '../clerk/session';
import { InvalidInput, KeyOfAnotherOwner, RoleMissing } from '../shared/errors';

/** The roles of an organization's members, without `org:`, that may view or manage the organization's keys. */
export interface OrganizationRoles {
  readonly view: readonly string[];
  readonly manage: readonly string[];
}

/** Whose keys a caller may see, or change. */
export interface Access {
  /** The IDs of the owners: the caller, and the session's organization if the caller's role is sufficient. */
  readonly ownerIds: readonly string[];
  /** The session's organization, if the caller's role there is not sufficient. */
  readonly forbiddenOwnerId?: string | undefined;
}

/** The access of a session. Everything in it comes from the verified token. */
export function accessOf({ userId, organization }: Session, roles: readonly string[]): Access {
  if (!organization) return { ownerIds: [userId] };
  const { id, role } = organization;
  return roles.includes(role) ? { ownerIds: [userId, id] } : { ownerIds: [userId], forbiddenOwnerId: id };
}

/** @throws RoleMissing, KeyOfAnotherOwner */
export function checkOwner({ ownerId }: { readonly ownerId: string }, access: Access): void {
  if (access.ownerIds.includes(ownerId)) return;
  throw ownerId === access.forbiddenOwnerId ? new RoleMissing() : new KeyOfAnotherOwner();
}

/** The value of the input `owner`. */
export type OwnerKind = 'user' | 'organization';

/**
 * The owner that a session means with the input `owner`.
 * @throws InvalidInput without an active organization, RoleMissing
 */
export function ownerOf(session: Session, kind: OwnerKind, roles: readonly string[]): string {
  if (kind === 'user') return session.userId;
  if (!session.organization) throw new InvalidInput('Invalid input: the session has no active organization');
  if (!roles.includes(session.organization.role)) throw new RoleMissing();
  return session.organization.id;
}
