import { newSigningSecret, signDelivery } from '../../../../local/clerk/webhooks';
import type { Attack } from '../attack';
import { delivered, ended, type Headers, path, refused, victim } from '../deliveries';
import { noise } from '../forged-tokens';

const minutes = (count: number) => Date.now() + count * 60_000;

const without =
  (...names: string[]) =>
  (headers: Headers) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));

const signatures: readonly Attack[] = [
  {
    what: 'not signed',
    request: delivered(victim, without('svix-id', 'svix-timestamp', 'svix-signature')),
    ...refused,
  },
  { what: 'without its signature', request: delivered(victim, without('svix-signature')), ...refused },
  { what: 'without its id', request: delivered(victim, without('svix-id')), ...refused },
  { what: 'without its time', request: delivered(victim, without('svix-timestamp')), ...refused },
  {
    what: 'another id',
    request: delivered(victim, (headers) => ({ ...headers, 'svix-id': 'msg_2' })),
    ...refused,
  },
  {
    what: 'a time that was not signed',
    request: delivered(victim, (headers) => ({
      ...headers,
      'svix-timestamp': String(Number(headers['svix-timestamp']) - 1),
    })),
    ...refused,
  },
  {
    what: 'an empty signature',
    request: delivered(victim, (headers) => ({ ...headers, 'svix-signature': 'v1,' })),
    ...refused,
  },
  {
    what: 'a signature of no version',
    request: delivered(victim, (headers) => ({
      ...headers,
      'svix-signature': headers['svix-signature']?.slice(3) ?? '',
    })),
    ...refused,
  },
  {
    what: 'a signature of another version',
    request: delivered(victim, (headers) => ({
      ...headers,
      'svix-signature': headers['svix-signature']?.replace('v1', 'v1a') ?? '',
    })),
    ...refused,
  },
  {
    what: 'half a signature',
    request: delivered(victim, (headers) => ({
      ...headers,
      'svix-signature': headers['svix-signature']?.slice(0, 20) ?? '',
    })),
    ...refused,
  },
  {
    what: 'a hundred signatures',
    request: delivered(victim, (headers) => ({
      ...headers,
      'svix-signature': Array(100)
        .fill(`v1,${noise(44)}`)
        .join(' '),
    })),
    ...refused,
  },
  {
    what: 'the right one among wrong ones, as while Clerk changes the secret',
    request: delivered(victim, (headers) => ({
      ...headers,
      'svix-signature': `v1,${noise(44)} ${headers['svix-signature']}`,
    })),
    ...ended,
  },
  {
    what: 'signed by another secret',
    request: () => ({ path, ...signDelivery(newSigningSecret(), victim()) }),
    ...refused,
  },
  {
    what: 'signed by an empty secret',
    request: () => ({ path, ...signDelivery('whsec_', victim()) }),
    ...refused,
  },
  {
    what: 'an altered body',
    request: (setting) => {
      const { body, ...sent } = delivered()(setting);
      return { ...sent, body: body.replace(/user_\w+/, setting.user) };
    },
    ...refused,
  },
  {
    what: 'a body with a blank more',
    request: (setting) => {
      const { body, ...sent } = delivered()(setting);
      return { ...sent, body: `${body} ` };
    },
    ...refused,
  },
  { what: 'no body', request: (setting) => ({ ...delivered()(setting), body: '' }), ...refused },
  {
    what: 'the names of Standard Webhooks',
    request: delivered(victim, (headers) =>
      Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.replace('svix', 'webhook'), value]),
      ),
    ),
    ...refused,
  },
  {
    what: 'a session for a signature',
    request: (setting) => ({
      path,
      headers: { authorization: `Bearer ${setting.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(victim()),
    }),
    ...refused,
  },
];

const times: readonly Attack[] = [
  { what: 'six minutes old', request: delivered(victim, undefined, () => minutes(-6)), ...refused },
  { what: 'six minutes ahead', request: delivered(victim, undefined, () => minutes(6)), ...refused },
  { what: 'years old', request: delivered(victim, undefined, () => 0), ...refused },
  { what: 'four minutes old', request: delivered(victim, undefined, () => minutes(-4)), ...ended },
  ...['NaN', '-1', '1e10', '0x10', '99999999999999999999', 'now'].map((time) => ({
    what: `the time ${time}`,
    request: delivered(victim, (headers: Headers) => ({ ...headers, 'svix-timestamp': time })),
    ...refused,
  })),
];

export const webhooks = { signatures, times };
