import { organizationClaim } from '../../../../local/clerk/session-tokens';
import type { Attack, Setting } from '../attack';
import { alteredClaims, withClaims } from '../forged-tokens';
import * as r from '../requests';
import { notTheirs } from './ids';

const { alike, attack, badRequest, created, creating, json, mutating, noSession, reading, signedIn, withHeaders } = r;

type Token = (setting: Setting) => string;
const claims =
  (change: (organization: string) => Record<string, unknown>): Token =>
  (setting) =>
    withClaims(change(setting.organization))(setting);
const by = (request: Attack['request'], token: Token) =>
  withHeaders(request, (setting) => signedIn({ token: token(setting) }));

const member = claims((id) => organizationClaim(id, 'member'));
const asOrganization = creating('{"name":"Not theirs","owner":"organization"}');
const ofOrganization = reading('keys.list', () => ({ owner: 'organization' }));
const noRole = { status: 403, code: 'FORBIDDEN', message: 'Your role in the organization does not allow this' };
const noOrganization = badRequest('Invalid input: the session has no active organization');
const asking = (more: object) => creating(JSON.stringify({ name: 'Mine after all', ...more }));

/** What the attacker sends to be taken for somebody else. */
const owners = [
  ...alike(badRequest('Invalid input: owner must be "user" or "organization"'), {
    'another user as the owner': (setting) => asking({ owner: setting.strangersKey.id })(setting),
    'the organization’s id as the owner': (setting) => asking({ owner: setting.organization })(setting),
    'an empty owner': asking({ owner: '' }),
    'null as the owner': asking({ owner: null }),
    'a list as the owner': asking({ owner: ['organization'] }),
    'an object as the owner': asking({ owner: { id: 'org_1', role: 'admin' } }),
    'the owner in capitals': asking({ owner: 'ORGANIZATION' }),
    'a list of another owner’s keys': reading('keys.list', ({ organization }) => ({ owner: organization })),
  }),
  ...alike(noOrganization, {
    'an organization in the body': (setting) =>
      asking({ owner: 'organization', clerkOrgId: setting.organization, organization: setting.organization })(setting),
    'an organization and a role in the body': (setting) =>
      asking({ owner: 'organization', o: { id: setting.organization, rol: 'admin' }, role: 'admin' })(setting),
    'an organization in headers': withHeaders(asOrganization, (setting) => ({
      ...signedIn(setting),
      'x-organization-id': setting.organization,
      'x-clerk-org-id': setting.organization,
    })),
    'a list by an organization in the input': reading('keys.list', ({ organization }) => ({
      owner: 'organization',
      clerkOrgId: organization,
    })),
  }),
  attack(
    'an organization beside the name, which counts for nothing',
    (setting) =>
      creating(
        JSON.stringify({ name: 'Own', ownerId: setting.organization, clerkOrgId: setting.organization, role: 'admin' }),
      )(setting),
    created('Own'),
  ),
];

/** The one call that a refused procedure makes: a revocation is refused by the condition of its write. */
const refusedBy = { revoke: 'UpdateItem', update: 'GetItem' };

/** Managing keys of the organization with a role that may only see them. */
const members = [
  ...alike(noRole, {
    'a key is created': by(asOrganization, member),
    'a key is created with a role in the body': by(
      creating('{"name":"Not theirs","owner":"organization","role":"admin","rol":"admin"}'),
      member,
    ),
  }),
  ...Object.entries(refusedBy).map(([procedure, call]) =>
    attack(
      `keys.${procedure}`,
      by(
        mutating(`keys.${procedure}`, ({ organizationsKey }) => ({
          id: organizationsKey.id,
          enabled: false,
          role: 'admin',
        })),
        member,
      ),
      { ...noRole, calls: [call] },
    ),
  ),
  attack(
    'keys.rotate',
    by(
      mutating('keys.rotate', ({ organizationsKey }) => ({ id: organizationsKey.id, gracePeriodSeconds: 0 })),
      member,
    ),
    { ...noRole, calls: ['GetItem'] },
  ),
];

/** The organization's key without its organization in the session. */
const outsiders = [
  ...Object.entries(refusedBy).map(([procedure, call]) =>
    attack(
      `keys.${procedure}`,
      mutating(`keys.${procedure}`, ({ organizationsKey, organization }) => ({
        id: organizationsKey.id,
        clerkOrgId: organization,
      })),
      { ...notTheirs, calls: [call] },
    ),
  ),
  ...['get', 'usage'].map((procedure) =>
    attack(
      `keys.${procedure}`,
      reading(`keys.${procedure}`, ({ organizationsKey }) => ({ id: organizationsKey.id })),
      { ...notTheirs, calls: ['GetItem'] },
    ),
  ),
  attack(
    'keys.rotate',
    mutating('keys.rotate', ({ organizationsKey }) => ({ id: organizationsKey.id, gracePeriodSeconds: 0 })),
    { ...notTheirs, calls: ['GetItem'] },
  ),
  attack(
    'an administrator of another organization',
    by(
      mutating('keys.revoke', ({ organizationsKey }) => ({ id: organizationsKey.id })),
      claims(() => organizationClaim('org_000000000000000000000000000', 'admin')),
    ),
    { ...notTheirs, calls: ['UpdateItem'] },
  ),
  attack(
    'after: a key of the organization in a list of one’s own',
    reading('keys.list', ({ organizationsKey }) => ({ after: organizationsKey.id })),
    { ...badRequest('Invalid input: after is not the ID of one of your keys'), calls: ['GetItem'] },
  ),
];

/** Claims of organizations that the attacker has written. */
const forged = alike(noSession, {
  'the claim is added after the signature': by(asOrganization, (setting) =>
    alteredClaims(organizationClaim(setting.organization, 'admin'))(setting),
  ),
  'the older claims are added after the signature': by(asOrganization, (setting) =>
    alteredClaims({ org_id: setting.organization, org_role: 'org:admin' })(setting),
  ),
  'the role is raised after the signature': by(asOrganization, (setting) => {
    const token = member(setting);
    return alteredClaims(organizationClaim(setting.organization, 'admin'))({ ...setting, token });
  }),
  'without a session': withHeaders(asOrganization, () => json),
});

/** Claims that Clerk signs if an instance customizes its tokens, or of a later version. */
const odd = [
  ...alike(noOrganization, {
    'no role': by(
      ofOrganization,
      claims((id) => ({ o: { id } })),
    ),
    'a list of roles': by(
      ofOrganization,
      claims((id) => ({ o: { id, rol: ['admin'] } })),
    ),
    'a string': by(
      ofOrganization,
      claims((id) => ({ o: id })),
    ),
    'a number': by(
      ofOrganization,
      claims(() => ({ o: 7 })),
    ),
    'a list': by(
      ofOrganization,
      claims((id) => ({ o: [{ id, rol: 'admin' }] })),
    ),
    true: by(
      ofOrganization,
      claims(() => ({ o: true })),
    ),
    'a user as the organization': by(ofOrganization, (setting) =>
      withClaims(organizationClaim(setting.user, 'admin'))(setting),
    ),
    'a part of another owner’s key in the table': by(
      ofOrganization,
      claims((id) => organizationClaim(`${id}#key`, 'admin')),
    ),
    'an empty id': by(
      ofOrganization,
      claims(() => organizationClaim('', 'admin')),
    ),
    'only a role': by(
      ofOrganization,
      claims(() => ({ org_role: 'admin' })),
    ),
    'a role by an inherited name': by(
      ofOrganization,
      claims((id) => ({ o: { id, __proto__: { rol: 'admin' } } })),
    ),
  }),
  ...alike(noRole, {
    'a role in capitals': by(
      asOrganization,
      claims((id) => organizationClaim(id, 'ADMIN')),
    ),
    'a role with a blank': by(
      asOrganization,
      claims((id) => organizationClaim(id, 'admin ')),
    ),
    'a role with its prefix twice': by(
      asOrganization,
      claims((id) => organizationClaim(id, 'org:org:admin')),
    ),
    'two roles in one': by(
      asOrganization,
      claims((id) => organizationClaim(id, 'member,admin')),
    ),
    'an inherited name as the role': by(
      asOrganization,
      claims((id) => organizationClaim(id, 'constructor')),
    ),
    'an empty role': by(
      asOrganization,
      claims((id) => organizationClaim(id, '')),
    ),
    'a higher role in the older claims': by(
      asOrganization,
      claims((id) => ({ ...organizationClaim(id, 'member'), org_id: id, org_role: 'org:admin' })),
    ),
  }),
  attack(
    'an impersonated administrator',
    by(
      asOrganization,
      claims((id) => ({ ...organizationClaim(id, 'admin'), act: { sub: 'user_support' } })),
    ),
    { status: 403, code: 'FORBIDDEN', message: 'An impersonated session may not do this' },
  ),
];

export const organizations = { owners, members, outsiders, forged, odd };
