import type { Answer } from './answer-text';
import { recordOf } from './answer-text';
import { eventually } from './eventually';
import { expectFields, expectStatus, refuted } from './expectations';
import type { KeyService } from './key-service';
import type { SessionToken } from './session-token';
import { type TrialKey, uuid } from './trial-key';

/** One step of the contract. `run` throws CheckFailed when the service breaks it. */
export interface Check {
  readonly title: string;
  run(): Promise<void>;
}

/** A well-formed key, its checksum included, so that the service has to look it up. */
export const madeUpKey = 'sk_satori_0000000000000000000000_ThisKeyIsMadeUpAndOpensNothing002MoP7b';

/** A prefix of the stage's own, the id in 22 digits of base 62, 32 random digits and the checksum. */
export const keySecret =
  /^([A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*_[0-9A-Za-z]{4})[0-9A-Za-z]{18}_[0-9A-Za-z]{34}([0-9A-Za-z]{4})$/;

interface Key {
  readonly id: string;
  readonly clerkUserId: string;
  readonly name: string;
  readonly secret: string;
}

const viewFields = ['id', 'clerkUserId', 'clerkKeyId', 'name', 'lastUsedAt', 'createdAt', 'revokedAt', 'hint'];
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

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

/** The whole life of a key. Each step relies on the steps before it. */
export function keyChecks(service: KeyService, session: SessionToken, trial: TrialKey, patienceMs: number): Check[] {
  let key: Key = { id: '', clerkUserId: '', name: '', secret: '' };
  const expectInList = (listed: boolean) => expectListed(() => service.list(), key, listed, patienceMs);

  return [
    {
      title: 'keys.create creates a key',
      run: async () => {
        key = createdKey(await trial.create(), trial.name, session.userId);
      },
    },
    {
      title: 'keys.whoami identifies its owner',
      run: async () => expectOwner(await service.whoami(key.secret), key),
    },
    { title: 'keys.list shows it, without its secret', run: () => expectInList(true) },
    {
      title: 'keys.get shows it, without its secret',
      run: async () => expectView(await service.get(key.id), key, false),
    },
    {
      title: 'keys.create refuses a second key of its name',
      run: async () => expectStatus(await trial.create(), 409, 'CONFLICT'),
    },
    {
      title: 'keys.revoke revokes it',
      run: async () => expectSuccess(await trial.revoke(key.id)),
    },
    {
      title: 'keys.revoke succeeds again',
      run: async () => expectSuccess(await trial.revoke(key.id)),
    },
    {
      title: 'keys.whoami refuses it at once',
      run: async () => expectStatus(await service.whoami(key.secret), 401, 'UNAUTHORIZED'),
    },
    {
      title: 'keys.get shows that it is revoked',
      run: async () => expectView(await service.get(key.id), key, true),
    },
    { title: 'keys.list no longer shows it', run: () => expectInList(false) },
  ];
}

function createdKey(answer: Answer, name: string, userId: unknown): Key {
  expectStatus(answer, 200);
  const forms: Record<string, (value: string) => boolean> = {
    id: (value) => uuid.test(value),
    clerkUserId: (value) => value === userId,
    clerkKeyId: (value) => value !== '',
    name: (value) => value === name,
    secret: (value) => keySecret.test(value),
    createdAt: (value) => time.test(value),
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

function expectOwner(answer: Answer, { id, clerkUserId, name }: Key): void {
  expectStatus(answer, 200);
  expectFields(answer, answer.body, ['id', 'clerkUserId', 'name'], 'an owner');
  if (JSON.stringify(answer.body) !== JSON.stringify({ id, clerkUserId, name }))
    throw refuted(answer, 'id, clerkUserId and name of the key', 'other values');
}

/** Expects a list with the key, or without it. It may be late; whatever it shows has to be correct at once. */
async function expectListed(list: () => Promise<Answer>, key: Key, listed: boolean, patienceMs: number): Promise<void> {
  let answer: Answer | undefined;
  const agreed = await eventually(patienceMs, async () => {
    answer = await list();
    return idsInList(answer, key).includes(key.id) === listed || undefined;
  });
  if (agreed || !answer) return;
  const [wanted, came] = listed ? ['with', 'one without'] : ['without', 'one with'];
  throw refuted(answer, `a list ${wanted} the key within ${patienceMs / 1000} s`, `${came} it`);
}

/** @throws CheckFailed for a list with another field, or with the secret. */
function idsInList(answer: Answer, key: Key): unknown[] {
  expectStatus(answer, 200);
  if (!Array.isArray(answer.body)) throw refuted(answer, 'a list', 'none');
  for (const member of answer.body) expectFields(answer, member, viewFields, 'members of the list');
  expectNoSecret(answer, key);
  const own = answer.body.find((member) => member.id === key.id);
  if (own && own.hint !== hintOf(key)) throw refuted(answer, 'the hint of the key', 'another hint');
  return answer.body.map((member) => member.id);
}

function expectView(answer: Answer, key: Key, revoked: boolean): void {
  expectStatus(answer, 200);
  expectFields(answer, answer.body, viewFields, 'a key');
  expectNoSecret(answer, key);
  const fields = recordOf(answer.body);
  const wanted = { id: key.id, clerkUserId: key.clerkUserId, name: key.name, hint: hintOf(key) };
  for (const [field, value] of Object.entries(wanted)) {
    if (fields[field] !== value) throw refuted(answer, `the ${field} of the key`, `another ${field}`);
  }
  const { revokedAt } = fields;
  if (revoked ? !time.test(String(revokedAt)) : revokedAt !== null) {
    throw refuted(answer, `revokedAt ${revoked ? 'with a time' : 'null'}`, 'another revokedAt');
  }
}

function expectNoSecret(answer: Answer, { secret }: Key): void {
  if (JSON.stringify(answer.body).includes(secret)) {
    throw refuted(answer, 'an answer without the secret', 'one with the secret');
  }
}

/** What keys.list and keys.get show of a secret. */
const hintOf = ({ secret }: Key) => secret.replace(keySecret, '$1…$2');

function expectSuccess(answer: Answer): void {
  expectStatus(answer, 200);
  if (JSON.stringify(answer.body) !== '{"success":true}') throw refuted(answer, '{"success":true}');
}
