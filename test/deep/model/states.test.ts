import { apiForTests } from '../../support/api-harness';
import { laterBy } from '../../support/expected';
import { expiresAfterMs, type KeyInState, keyIn, nameOfKey, type State } from '../../support/key-states';

const api = apiForTests();
afterEach(() => jest.restoreAllMocks());

/** Every call, with the secret or session that the column says. `-` in the table: there is no such secret. */
const calls: Record<string, (key: KeyInState) => Promise<string | number>> = {
  whoami: async ({ secret }) => (await api.whoami(secret)).status,
  previous: async ({ previous }) => (previous ? (await api.whoami(previous)).status : '-'),
  replaced: async ({ replaced }) => (replaced ? (await api.whoami(replaced)).status : '-'),
  get: ({ id, token }) => ask('get', { id }, { token }),
  list: async ({ id, token }) => ((await api.list(token)).text.includes(id) ? 'yes' : 'no'),
  usage: ({ id, token }) => ask('usage', { id }, { token }),
  update: ({ id, token }) => ask('update', { id, description: 'New' }, { token }),
  enable: ({ id, token }) => ask('update', { id, enabled: true }, { token }),
  rotate: ({ id, token }) => ask('rotate', { id, gracePeriodSeconds: 0 }, { token }),
  revoke: ({ id, token }) => ask('revoke', { id }, { token }),
  create: ({ token }) => ask('create', { name: nameOfKey }, { token }),
  self: ({ secret }) => ask('revokeSelf', undefined, { key: secret }),
  'self previous': async ({ previous }) => (previous ? await ask('revokeSelf', undefined, { key: previous }) : '-'),
  'self replaced': async ({ replaced }) => (replaced ? await ask('revokeSelf', undefined, { key: replaced }) : '-'),
};
const ask = async (...call: Parameters<typeof api.call>) => (await api.call(...call)).status;

// From the contract, not from the code. `create` asks for another key of the same name.
const table = `
                        | whoami | previous | replaced | get | list | usage | update | enable | rotate | revoke | create | self | self previous | self replaced
active                  | 200    | -        | -        | 200 | yes  | 200   | 200    | 200    | 200    | 200    | 409    | 200  | -             | -
disabled                | 401    | -        | -        | 200 | yes  | 200   | 200    | 200    | 200    | 200    | 409    | 200  | -             | -
suspended               | 401    | -        | -        | 200 | yes  | 200   | 200    | 200    | 200    | 200    | 403    | 200  | -             | -
expired                 | 401    | -        | -        | 200 | yes  | 200   | 200    | 200    | 409    | 200    | 409    | 200  | -             | -
in grace                | 200    | 200      | -        | 200 | yes  | 200   | 200    | 200    | 200    | 200    | 409    | 200  | 200           | -
rotated twice           | 200    | 200      | 401      | 200 | yes  | 200   | 200    | 200    | 200    | 200    | 409    | 200  | 200           | 401
revoked                 | 401    | -        | -        | 200 | no   | 200   | 409    | 409    | 409    | 200    | 200    | 200  | -             | -
disabled, suspended     | 401    | -        | -        | 200 | yes  | 200   | 200    | 200    | 200    | 200    | 403    | 200  | -             | -
disabled, expired       | 401    | -        | -        | 200 | yes  | 200   | 200    | 200    | 409    | 200    | 409    | 200  | -             | -
disabled, in grace      | 401    | 401      | -        | 200 | yes  | 200   | 200    | 200    | 200    | 200    | 409    | 200  | 200           | -
disabled, rotated twice | 401    | 401      | 401      | 200 | yes  | 200   | 200    | 200    | 200    | 200    | 409    | 200  | 200           | 401
disabled, revoked       | 401    | -        | -        | 200 | no   | 200   | 409    | 409    | 409    | 200    | 200    | 200  | -             | -
suspended, expired      | 401    | -        | -        | 200 | yes  | 200   | 200    | 200    | 409    | 200    | 403    | 200  | -             | -
suspended, in grace     | 401    | 401      | -        | 200 | yes  | 200   | 200    | 200    | 200    | 200    | 403    | 200  | 200           | -
suspended, rotated twice| 401    | 401      | 401      | 200 | yes  | 200   | 200    | 200    | 200    | 200    | 403    | 200  | 200           | 401
suspended, revoked      | 401    | -        | -        | 200 | no   | 200   | 409    | 409    | 409    | 200    | 403    | 200  | -             | -
expired, in grace       | 401    | 401      | -        | 200 | yes  | 200   | 200    | 200    | 409    | 200    | 409    | 200  | 200           | -
expired, rotated twice  | 401    | 401      | 401      | 200 | yes  | 200   | 200    | 200    | 409    | 200    | 409    | 200  | 200           | 401
expired, revoked        | 401    | -        | -        | 200 | no   | 200   | 409    | 409    | 409    | 200    | 200    | 200  | -             | -
in grace, revoked       | 401    | 401      | -        | 200 | no   | 200   | 409    | 409    | 409    | 200    | 200    | 200  | 200           | -
rotated twice, revoked  | 401    | 401      | 401      | 200 | no   | 200   | 409    | 409    | 409    | 200    | 200    | 200  | 200           | 401
`;

const [[, ...columns] = [], ...rows] = table
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => line.split('|').map((cell) => cell.trim()));

it.each(rows.map(([states = '', ...cells]) => [states, cells] as const))('a key that is %s', async (states, cells) => {
  const wanted = states === 'active' ? [] : (states.split(', ') as State[]);
  // Each call has a key of its own, because some calls change it.
  const names = Object.keys(calls);
  const keys = await Promise.all(names.map(() => keyIn(api, wanted)));
  if (wanted.includes('expired')) laterBy(expiresAfterMs + 30_000);
  const answers = await Promise.all(names.map((name, index) => calls[name]?.(keys[index] as KeyInState)));
  expect(Object.fromEntries(names.map((name, index) => [name, String(answers[index])]))).toEqual(
    Object.fromEntries(names.map((name) => [name, cells[columns.indexOf(name)]])),
  );
});
