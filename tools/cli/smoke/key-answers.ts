import type { Answer } from './answer-text';
import { recordOf } from './answer-text';
import { eventually } from './eventually';
import { expectFields, expectStatus, refuted } from './expectations';
import type { NewKey } from './new-key';
import { uuid } from './trial-key';

// What the answers about a key have to say.

/** A prefix of the stage's own, the id in 22 digits of base 62, 32 random digits and the checksum. */
export const keySecret =
  /^([A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*_[0-9A-Za-z]{4})[0-9A-Za-z]{18}_[0-9A-Za-z]{34}([0-9A-Za-z]{4})$/;

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** What the answers to `keys.get` and `keys.list` show of a key, as far as it is known. */
export interface ShownKey {
  readonly id: string;
  readonly clerkUserId: string;
  readonly name: string;
  readonly description: string | null;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null;
  readonly enabled: boolean;
  readonly clerkOrgId: string | null;
}

export interface Key extends ShownKey {
  readonly secret: string;
}

const viewFields = [
  ...['id', 'clerkUserId', 'clerkKeyId', 'name', 'lastUsedAt', 'createdAt', 'revokedAt', 'hint', 'description'],
  ...['scopes', 'expiresAt', 'enabled', 'clerkOrgId'],
];

/** A view without the fields that are there only for some keys. */
function commonFields(view: unknown): Readonly<Record<string, unknown>> {
  const { suspended, previousSecret, ...common } = recordOf(view);
  return common;
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** @throws CheckFailed @returns the created key. */
export function createdKey(answer: Answer, wanted: NewKey, userId: unknown, clerkOrgId: string | null): Key {
  expectStatus(answer, 200);
  const { name, ...optional } = wanted;
  const forms: Record<string, (value: unknown) => boolean> = {
    id: (value) => uuid.test(String(value)),
    clerkUserId: (value) => value === userId,
    clerkKeyId: (value) => typeof value === 'string' && value !== '',
    name: (value) => value === name,
    secret: (value) => typeof value === 'string' && keySecret.test(value),
    createdAt: (value) => time.test(String(value)),
    ...Object.fromEntries(Object.entries(optional).map(([field, given]) => [field, (value) => isSame(value, given)])),
  };
  expectFields(answer, answer.body, Object.keys(forms), 'a key');
  const fields = recordOf(answer.body);
  for (const [field, fits] of Object.entries(forms)) {
    if (!fits(fields[field])) throw refuted(answer, `a ${field} as in the contract`, `another ${field}`);
  }
  const { description = null, scopes = [], expiresAt = null } = wanted;
  const [id, clerkUserId, secret] = [String(fields.id), String(fields.clerkUserId), String(fields.secret)];
  return { id, clerkUserId, name, secret, description, scopes, expiresAt, enabled: true, clerkOrgId };
}

/** @throws CheckFailed for an answer of `keys.whoami` that is not about this key. */
export function expectHolder(answer: Answer, { id, clerkUserId, clerkOrgId, name, scopes, expiresAt }: Key): void {
  expectStatus(answer, 200);
  const wanted = { id, clerkUserId, ...(clerkOrgId !== null && { clerkOrgId }), name, scopes, expiresAt };
  expectFields(answer, answer.body, Object.keys(wanted), 'a key');
  if (!isSame(answer.body, wanted)) throw refuted(answer, 'the values of the key', 'other values');
}

/** Expects a list with the key, or without it. It may be late; whatever it shows has to be correct at once. */
export async function expectListed(
  list: () => Promise<Answer>,
  key: Key,
  listed: boolean,
  patienceMs: number,
): Promise<void> {
  let answer: Answer | undefined;
  const agreed = await eventually(patienceMs, async () => {
    answer = await list();
    const shown = viewInList(answer, key);
    if (shown && listed) expectValues(answer, shown, key);
    return (shown !== undefined) === listed || undefined;
  });
  if (agreed || !answer) return;
  const [wanted, came] = listed ? ['with', 'one without'] : ['without', 'one with'];
  throw refuted(answer, `a list ${wanted} the key within ${patienceMs / 1000} s`, `${came} it`);
}

/** @throws CheckFailed for a list with another field, or with the secret. @returns what it shows of the key. */
function viewInList(answer: Answer, key: Key): Readonly<Record<string, unknown>> | undefined {
  expectStatus(answer, 200);
  if (!Array.isArray(answer.body)) throw refuted(answer, 'a list', 'none');
  for (const member of answer.body) expectFields(answer, commonFields(member), viewFields, 'members of the list');
  expectNoSecret(answer, key);
  return answer.body.map(recordOf).find(({ id }) => id === key.id);
}

/** @throws CheckFailed for a view that is not of this key, or that has another state. */
export function expectView(answer: Answer, key: Key, revoked = false): void {
  expectStatus(answer, 200);
  expectFields(answer, commonFields(answer.body), viewFields, 'a key');
  expectNoSecret(answer, key);
  expectValues(answer, recordOf(answer.body), key);
  const { revokedAt } = recordOf(answer.body);
  if (revoked ? !time.test(String(revokedAt)) : revokedAt !== null) {
    throw refuted(answer, `revokedAt ${revoked ? 'with a time' : 'null'}`, 'another revokedAt');
  }
}

function expectValues(answer: Answer, view: Readonly<Record<string, unknown>>, key: Key): void {
  const { secret, ...shown } = key;
  for (const [field, value] of Object.entries({ ...shown, hint: secret.replace(keySecret, '$1…$2') })) {
    if (!isSame(view[field], value)) throw refuted(answer, `the ${field} of the key`, `another ${field}`);
  }
}

function expectNoSecret(answer: Answer, { secret }: Key): void {
  if (JSON.stringify(answer.body).includes(secret)) {
    throw refuted(answer, 'an answer without the secret', 'one with the secret');
  }
}

/** @throws CheckFailed @returns the key with its new secret. */
export function rotatedKey(answer: Answer, key: Key, gracePeriodSeconds: number): Key {
  expectStatus(answer, 200);
  expectFields(answer, answer.body, ['id', 'secret', 'previousSecret'], 'a rotated key');
  const { id, secret, previousSecret } = recordOf(answer.body);
  if (id !== key.id) throw refuted(answer, 'the id of the key', 'another id');
  if (typeof secret !== 'string' || !keySecret.test(secret) || secret === key.secret) {
    throw refuted(answer, 'a new secret as in the contract', 'another secret');
  }
  expectFields(answer, previousSecret, ['gracePeriodSeconds', 'expiresAt'], 'a previousSecret');
  const previous = recordOf(previousSecret);
  const ends = gracePeriodSeconds === 0 ? time.test(String(previous.expiresAt)) : previous.expiresAt === null;
  if (!ends || previous.gracePeriodSeconds !== gracePeriodSeconds) {
    throw refuted(answer, 'the end of the previous secret', 'another one');
  }
  return { ...key, secret };
}

const usageDays = 30;
const dayMs = 24 * 3_600_000;

/** Expects 30 days, newest first, with a use today or yesterday (UTC), since the day can just have begun. */
export function expectUsage(answer: Answer): void {
  expectStatus(answer, 200);
  if (!Array.isArray(answer.body)) throw refuted(answer, 'a list', 'none');
  const days = answer.body.map(recordOf);
  for (const day of days) expectFields(answer, day, ['date', 'uses'], 'days');
  const newest = Date.parse(String(days[0]?.date));
  const wanted = Array.from({ length: usageDays }, (_, day) => {
    return Number.isNaN(newest) ? '' : new Date(newest - day * dayMs).toISOString().slice(0, 10);
  });
  if (
    !isSame(
      days.map(({ date }) => date),
      wanted,
    )
  )
    throw refuted(answer, `${usageDays} days, newest first`);
  const recent = Number(days[0]?.uses) + Number(days[1]?.uses);
  if (!(recent >= 1)) throw refuted(answer, 'at least one use', 'no use');
}

/** @throws CheckFailed */
export function expectSuccess(answer: Answer): void {
  expectStatus(answer, 200);
  if (!isSame(answer.body, { success: true })) throw refuted(answer, '{"success":true}');
}
