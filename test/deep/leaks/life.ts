import { userDeleted } from '../../../local/clerk/webhooks';
import { newUser } from '../../support/api-harness';
import type { Hunt } from './hunt';

/** What keys go through when all is well, a create whose answer of Clerk's is none, and a limit. The statuses of it all. */
export async function liveThrough(hunt: Hunt): Promise<number[]> {
  const { api } = hunt;
  const caller = hunt.caller();
  const user = newUser();
  const token = api.sessions.sign(user, 60);
  const key = await caller.create('Key', { token });
  const other = await caller.create('Other', { token });
  const answers = [
    key,
    other,
    await caller.whoami(key.json.secret),
    await caller.whoami(`${key.json.secret}x`),
    await caller.list(token),
    // A key where it does not belong; of so short a text JSON.parse quotes all.
    await caller.revoke(key.json.secret, token),
    await caller.create('', { token, body: `?${key.json.secret.slice(-16)}` }),
    await caller.revoke(key.json.id, token),
    await caller.whoami(key.json.secret),
  ];
  api.clerk.fail(/POST \/api_keys$/, { kind: 'content-type', value: 'text/plain' });
  answers.push(
    await caller.create('Odd', { token }),
    await caller.deliver(userDeleted(user)),
    await caller.whoami(other.json.secret),
  );
  const limited = hunt.caller(hunt.functions.start('api', { KEY_REQUESTS_PER_MINUTE: '1' }));
  const { secret } = (await limited.create('Limited', { token: api.sessions.sign(newUser(), 60) })).json;
  answers.push(await limited.whoami(secret), await limited.whoami(secret));
  return answers.map(({ status }) => status);
}
