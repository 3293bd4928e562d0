import type { Check } from './check';
import { expectStatus } from './expectations';
import { createdKey, expectHolder, expectListed, expectSuccess, type Key } from './key-answers';
import { type KeyLifeOptions, lifetimeMs } from './key-life';
import type { NewKey } from './new-key';

/**
 * The life of a key of the session's active organization. Whether the session's role may create one depends on the
 * stage.
 */
export function organizationChecks({ service, session, trial, scopes, patienceMs }: KeyLifeOptions): Check[] {
  const { organizationId = '' } = session;
  const expiresAt = new Date(Date.now() + lifetimeMs).toISOString();
  const wanted: NewKey = { name: trial.name, scopes, expiresAt, owner: 'organization' };
  let key: Key | undefined;
  return [
    {
      title: 'keys.create creates a key of the organization, or refuses the role',
      run: async () => {
        const answer = await trial.create(wanted);
        if (answer.status === 403) expectStatus(answer, 403, 'FORBIDDEN');
        else key = createdKey(answer, wanted, session.userId, organizationId);
      },
    },
    {
      title: 'keys.whoami and keys.list show it as the organization’s',
      run: async () => {
        if (!key) return;
        expectHolder(await service.whoami(key.secret), key);
        await expectListed(() => service.list('organization'), key, true, patienceMs);
        await expectListed(() => service.list(), key, false, patienceMs);
      },
    },
    {
      title: 'keys.revokeSelf revokes it',
      run: async () => {
        if (!key) return;
        expectSuccess(await service.revokeSelf(key.secret));
        expectStatus(await service.whoami(key.secret), 401, 'UNAUTHORIZED');
        expectSuccess(await trial.revoke(key.id));
      },
    },
  ];
}
