import { userDeleted } from '../../../local/clerk/webhooks';
import { apiForTests } from '../../support/api-harness';
import { httpApiEvent } from '../../support/http-api-events';

const api = apiForTests();

it('the last requests of a deleted user are not counted as forged sessions', async () => {
  const { user, token } = api.signedIn();
  await api.deliver(userDeleted(user));
  expect((await api.create('Another', { token })).status).toBe(401);
  expect(api.logged.at(-1)).toMatchObject({ message: 'request', sessionUserId: user });
  expect(api.logged.at(-1)).not.toHaveProperty('SessionsRefused');
  await api.send(httpApiEvent({ body: '{}', headers: { authorization: 'Bearer x.y.z' } }));
  expect(api.logged.at(-1)).toHaveProperty('SessionsRefused');
});
