import { apiForTests } from '../../support/api-harness';

// docs/design.md, "Calls of each operation". A secret that this process has accepted before is known.

const api = apiForTests();

const counted = ['GetItem key', 'UpdateItem use'];
const readOnly = ['GetItem key'];

/** A key that was rotated with a grace period, and the calls of its verifications. */
async function rotated(limit: string) {
  api.coldStart({ KEY_REQUESTS_PER_MINUTE: limit });
  const { id, token, secret: previous } = await api.newKey();
  // The first use of a key begins the window of the limit, which takes one more write.
  await api.whoami(previous);
  const { secret } = (await api.call('rotate', { id, gracePeriodSeconds: 3600 }, { token })).json;
  const stepsOf = async (used: string) => {
    api.dynamodb.reset();
    expect((await api.whoami(used)).status).toBe(200);
    return api.steps().sort();
  };
  return { id, token, previous, secret, stepsOf };
}

it('with a limit, a rotated key takes the calls of any other, once its secret is known', async () => {
  const { previous, secret, stepsOf } = await rotated('100');
  expect(await stepsOf(secret)).toEqual(counted);
  expect(await stepsOf(secret)).toEqual(counted);
  // Its first verification here reads when the grace period began, before it counts.
  expect(await stepsOf(previous)).toEqual(['GetItem key', 'GetItem use', 'UpdateItem use']);
  expect(await stepsOf(previous)).toEqual(counted);
});

it('without a limit, only the first use of the current secret is written, and the previous one reads it', async () => {
  const { previous, secret, stepsOf } = await rotated('off');
  expect(await stepsOf(secret)).toEqual(counted);
  expect(await stepsOf(secret)).toEqual(readOnly);
  expect(await stepsOf(previous)).toEqual(['GetItem key', 'GetItem use']);
});

it.each(['100', 'off'])(
  'after a rotation without a grace period the calls are those of any other key (limit %s)',
  async (limit) => {
    const { id, token, stepsOf } = await rotated(limit);
    const { secret } = (await api.call('rotate', { id, gracePeriodSeconds: 0 }, { token })).json;
    for (let use = 0; use < 2; use += 1) {
      expect(await stepsOf(secret)).toEqual(limit === 'off' ? readOnly : counted);
    }
  },
);

it.each<[string, object]>([
  ['disabled', { enabled: false }],
  ['given other scopes', { scopes: ['docs:read'] }],
])('a key that is %s takes the same calls, and none to Clerk', async (_what, change) => {
  const { id, token, secret } = await api.newKey();
  await api.whoami(secret);
  await api.call('update', { id, ...change }, { token });
  api.reset();
  await api.whoami(secret);
  expect(api.steps().sort()).toEqual(counted);
  expect(api.clerk.calls).toEqual([]);
});

it('a replaced secret writes nothing and does not use up the limit, once this process has refused it', async () => {
  const { id, token, secret } = await api.newKey();
  await api.whoami(secret);
  await api.call('rotate', { id, gracePeriodSeconds: 0 }, { token });
  await api.whoami(secret);
  api.reset();
  expect((await api.whoami(secret)).status).toBe(401);
  expect(api.steps()).toEqual(readOnly);
});
