import { type Answer, recordOf } from './answer-text';
import { looksLikeKeySecret } from './check-failed';
import { eventually } from './eventually';
import { expectFields, expectStatus, refuted } from './expectations';
import type { KeyService } from './key-service';
import type { SessionToken } from './session-token';
import { type TrialKey, uuid } from './trial-key';

/** One step of the contract. `run` throws CheckFailed when the service does not keep it. */
export interface Check {
  readonly title: string;
  run(): Promise<void>;
}

/** Formed like a key, checksum and all, so that it is the table that does not know it. */
export const madeUpKey = 'sk_satori_0000000000000000000000ThisKeyIsMadeUpAndOpensNothing2dtkeO';

interface Key {
  readonly id: string;
  readonly clerkUserId: string;
  readonly name: string;
  readonly secret: string;
}

const listFields = ['id', 'clerkUserId', 'clerkKeyId', 'name', 'lastUsedAt', 'createdAt', 'revokedAt'];

/** What anybody may ask. They change nothing. */
export function publicChecks(service: KeyService): Check[] {
  return [
    {
      title: 'GET /health says ok',
      run: async () => {
        const answer = await service.health();
        expectStatus(answer, 200);
        if (JSON.stringify(answer.body) !== '{"status":"ok"}') throw refuted(answer, '{"status":"ok"}');
      },
    },
    {
      title: 'keys.create refuses who is not signed in',
      run: async () => expectStatus(await service.createAsNobody(), 401, 'UNAUTHORIZED'),
    },
    {
      title: 'keys.whoami refuses a made-up key',
      run: async () => expectStatus(await service.whoami(madeUpKey), 401, 'UNAUTHORIZED'),
    },
  ];
}

/** The whole life of a key, one step after the other: each relies on those before it. */
export function keyChecks(
  service: KeyService,
  session: SessionToken,
  trial: TrialKey,
  patienceMs: number,
): Check[] {
  let key: Key = { id: '', clerkUserId: '', name: '', secret: '' };
  const expectInList = (listed: boolean) => expectListed(() => service.list(), key, listed, patienceMs);

  return [
    {
      title: 'keys.create makes a key',
      run: async () => {
        key = createdKey(await trial.create(), trial.name, session.userId);
      },
    },
    {
      title: 'keys.whoami knows its holder',
      run: async () => expectHolder(await service.whoami(key.secret), key),
    },
    { title: 'keys.list shows it, without its secret', run: () => expectInList(true) },
    {
      title: 'keys.create refuses a second of its name',
      run: async () => expectStatus(await trial.create(), 409, 'CONFLICT'),
    },
    {
      title: 'keys.revoke ends it',
      run: async () => expectSuccess(await trial.revoke(key.id)),
    },
    {
      title: 'keys.revoke says so again',
      run: async () => expectSuccess(await trial.revoke(key.id)),
    },
    {
      title: 'keys.whoami refuses it at once',
      run: async () => expectStatus(await service.whoami(key.secret), 401, 'UNAUTHORIZED'),
    },
    { title: 'keys.list shows it no more', run: () => expectInList(false) },
  ];
}

function createdKey(answer: Answer, name: string, userId: unknown): Key {
  expectStatus(answer, 200);
  const forms: Record<string, (value: string) => boolean> = {
    id: (value) => uuid.test(value),
    clerkUserId: (value) => value === userId,
    clerkKeyId: (value) => value !== '',
    name: (value) => value === name,
    secret: looksLikeKeySecret,
    createdAt: (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value),
  };
  expectFields(answer, answer.body, Object.keys(forms), 'a key');
  const fields = recordOf(answer.body);
  for (const [field, fits] of Object.entries(forms)) {
    const value = fields[field];
    if (typeof value !== 'string' || !fits(value))
      throw refuted(answer, `a ${field} as in the contract`, `another ${field}`);
  }
  return {
    id: String(fields.id),
    clerkUserId: String(fields.clerkUserId),
    name,
    secret: String(fields.secret),
  };
}

function expectHolder(answer: Answer, { id, clerkUserId, name }: Key): void {
  expectStatus(answer, 200);
  expectFields(answer, answer.body, ['id', 'clerkUserId', 'name'], 'a holder');
  if (JSON.stringify(answer.body) !== JSON.stringify({ id, clerkUserId, name }))
    throw refuted(answer, 'id, clerkUserId and name of the key', 'those of another');
}

/** The list has the key, or has it no more. It may be a moment late, but what it shows has to be right at once. */
async function expectListed(
  list: () => Promise<Answer>,
  { id, secret }: Key,
  listed: boolean,
  patienceMs: number,
): Promise<void> {
  let answer: Answer | undefined;
  const agreed = await eventually(patienceMs, async () => {
    answer = await list();
    return idsInList(answer, secret).includes(id) === listed || undefined;
  });
  if (agreed || !answer) return;
  const [wanted, came] = listed ? ['with', 'one without'] : ['without', 'one with'];
  throw refuted(answer, `a list ${wanted} the key within ${patienceMs / 1000} s`, `${came} it`);
}

/** @throws CheckFailed for a list that shows what it must not, of whichever key. */
function idsInList(answer: Answer, secret: string): unknown[] {
  expectStatus(answer, 200);
  if (!Array.isArray(answer.body)) throw refuted(answer, 'a list', 'none');
  for (const member of answer.body) expectFields(answer, member, listFields, 'members of the list');
  if (JSON.stringify(answer.body).includes(secret)) throw refuted(answer, 'no secret in the list', 'one');
  return answer.body.map((member) => member.id);
}

function expectSuccess(answer: Answer): void {
  expectStatus(answer, 200);
  if (JSON.stringify(answer.body) !== '{"success":true}') throw refuted(answer, '{"success":true}');
}
