import { organizationClaim } from '../../../../local/clerk/session-tokens';
import type { Attack, Setting } from '../attack';
import { alteredClaims, withClaims } from '../forged-tokens';
import * as r from '../requests';

// What roles and strangers may not do is in test/lambda/keys/organizations.test.ts.

const { alike, badRequest, creating, each, noSession, reading, signedIn, withHeaders } = r;

type Token = (setting: Setting) => string;
type Claims = (organization: string) => Record<string, unknown>;
const by = (request: Attack['request'], token: Token) =>
  withHeaders(request, (setting) => signedIn({ token: token(setting) }));
const claims =
  (change: Claims): Token =>
  (setting) =>
    withClaims(change(setting.organization))(setting);
const roleOf =
  (role: string): Claims =>
  (id) =>
    organizationClaim(id, role);

const asOrganization = creating('{"name":"Not theirs","owner":"organization"}');
const ofOrganization = reading('keys.list', () => ({ owner: 'organization' }));
const noRole = { status: 403, code: 'FORBIDDEN', message: 'Your role in the organization does not allow this' };
const noOrganization = badRequest('Invalid input: the session has no active organization');
const asking =
  (more: object | ((setting: Setting) => object)): Attack['request'] =>
  (setting) => {
    const input = { name: 'Mine after all', ...(typeof more === 'function' ? more(setting) : more) };
    return creating(JSON.stringify(input))(setting);
  };

/** What the attacker sends to be taken for somebody else. */
const owners = [
  ...alike(badRequest('Invalid input: owner must be "user" or "organization"'), {
    'the organization’s id as the owner': asking(({ organization }) => ({ owner: organization })),
    ...each(
      ['', null, ['organization'], { id: 'org_1', role: 'admin' }, 'ORGANIZATION'],
      (owner) => `the owner ${JSON.stringify(owner)}`,
      (owner) => asking({ owner }),
    ),
  }),
  ...alike(noOrganization, {
    'an organization and a role in the body': asking(({ organization: id }) => ({
      owner: 'organization',
      clerkOrgId: id,
      o: { id, rol: 'admin' },
      role: 'admin',
    })),
    'an organization in headers': withHeaders(asOrganization, (setting) => ({
      ...signedIn(setting),
      'x-organization-id': setting.organization,
      'x-clerk-org-id': setting.organization,
    })),
  }),
];

const forged = alike(noSession, {
  'the claim is added after the signature': by(asOrganization, (setting) =>
    alteredClaims(organizationClaim(setting.organization, 'admin'))(setting),
  ),
  'the role is raised after the signature': by(asOrganization, (setting) => {
    const token = claims(roleOf('member'))(setting);
    return alteredClaims(organizationClaim(setting.organization, 'admin'))({ ...setting, token });
  }),
});

const listingAs = (change: Claims) => by(ofOrganization, claims(change));
const creatingAs = (change: Claims) => by(asOrganization, claims(change));

/** Claims that Clerk signs if an instance customizes its tokens, or of a later version. */
const odd = [
  ...alike(noOrganization, {
    'a list of roles': listingAs((id) => ({ o: { id, rol: ['admin'] } })),
    'a part of another owner’s key in the table': listingAs((id) => organizationClaim(`${id}#key`, 'admin')),
    'an empty id': listingAs(() => organizationClaim('', 'admin')),
    'a list': listingAs((id) => ({ o: [{ id, rol: 'admin' }] })),
    'a role by an inherited name': listingAs((id) => ({ o: { id, __proto__: { rol: 'admin' } } })),
  }),
  ...alike(noRole, {
    ...each(
      ['ADMIN', 'admin ', 'org:org:admin', 'member,admin', 'constructor', ''],
      (role) => `the role ${JSON.stringify(role)}`,
      (role) => creatingAs(roleOf(role)),
    ),
    'a higher role in the older claims': creatingAs((id) => ({
      ...organizationClaim(id, 'member'),
      org_id: id,
      org_role: 'org:admin',
    })),
  }),
];

export const organizations = { owners, forged, odd };
