import type { Check } from './check';
import { expectStatus, refuted } from './expectations';
import type { KeyService } from './key-service';

/** A well-formed key, its checksum included, so that the service has to look it up. */
export const madeUpKey = 'sk_satori_0000000000000000000000_ThisKeyIsMadeUpAndOpensNothing002MoP7b';

/** Checks that need no credentials and change nothing. */
export function publicChecks(service: KeyService): Check[] {
  return [
    {
      title: 'GET /health answers ok',
      run: async () => {
        const answer = await service.health();
        expectStatus(answer, 200);
        if (JSON.stringify(answer.body) !== '{"status":"ok"}') throw refuted(answer, '{"status":"ok"}');
      },
    },
    {
      title: 'keys.create refuses a call without a session token',
      run: async () => expectStatus(await service.createAsNobody(), 401, 'UNAUTHORIZED'),
    },
    {
      title: 'keys.whoami refuses a made-up key',
      run: async () => expectStatus(await service.whoami(madeUpKey), 401, 'UNAUTHORIZED'),
    },
  ];
}
