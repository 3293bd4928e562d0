import { userDeleted } from '../../../../local/clerk/webhooks';
import type { Attack } from '../attack';
import { delivered, ended, path, refused, signedBody, victim } from '../deliveries';
import { noise } from '../forged-tokens';

const nothing = { status: 200 };

const gone = victim();

const orders: readonly Attack[] = [
  {
    what: 'the same delivery again',
    request: delivered(),
    before: (_setting, request) => [request],
    ...ended,
    stored: [],
  },
  {
    what: 'the same user again, in a delivery of its own',
    request: delivered(() => gone),
    before: (setting) => [delivered(() => gone)(setting)],
    ...ended,
    stored: [],
  },
  {
    what: 'deleted before created',
    request: delivered(() => ({ ...gone, type: 'user.created' })),
    before: (setting) => [delivered(() => gone)(setting)],
    ...nothing,
  },
];

const events: readonly Attack[] = [
  ...[
    'user.created',
    'user.updated',
    'session.created',
    'organization.deleted',
    'user.deleted.',
    'USER.DELETED',
    '__proto__',
    'toString',
  ].map((type) => ({
    what: `the event ${type}`,
    request: delivered(() => ({ ...victim(), type })),
    ...nothing,
  })),
  {
    what: 'a user who is none',
    request: delivered(() => userDeleted('org_2kAcme00000000000000000001')),
    ...nothing,
  },
  {
    what: 'a user by a list',
    request: delivered(() => ({ type: 'user.deleted', data: { id: ['user_1'] } })),
    ...nothing,
  },
  {
    what: 'a user by a number',
    request: delivered(() => ({ type: 'user.deleted', data: { id: 7 } })),
    ...nothing,
  },
  { what: 'no user', request: delivered(() => ({ type: 'user.deleted', data: {} })), ...nothing },
  {
    what: 'a key’s id for a user',
    request: (setting) => delivered(() => userDeleted(setting.key.id))(setting),
    ...nothing,
  },
  { what: 'no data', request: delivered(() => ({ type: 'user.deleted' })), ...nothing },
  {
    what: 'data that are null',
    request: delivered(() => ({ type: 'user.deleted', data: null })),
    ...nothing,
  },
  {
    what: 'a type that is a list',
    request: delivered(() => ({ ...victim(), type: ['user.deleted'] })),
    ...nothing,
  },
  { what: 'an empty object', request: delivered(() => ({})), ...nothing },
  { what: 'null, signed', request: signedBody('null'), ...refused },
  { what: 'a list, signed', request: signedBody('[]'), ...nothing },
  { what: 'no JSON, signed', request: signedBody('{"type":'), ...refused },
];

const sizes: readonly Attack[] = [
  {
    what: '256 KB and a byte',
    request: () => ({ path, headers: { 'content-type': 'application/json' }, body: 'x'.repeat(262_145) }),
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
    message: 'The body is over 256 KB',
  },
  {
    what: '5 MB of [',
    request: () => ({ path, headers: { 'content-type': 'application/json' }, body: '['.repeat(5 << 20) }),
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
    message: 'The body is over 256 KB',
  },
  {
    what: '200 KB of a user’s own words',
    request: delivered(() => ({ ...victim(), type: 'user.updated', words: noise(200_000) })),
    ...nothing,
  },
];

export const webhookEvents = { orders, events, sizes };
