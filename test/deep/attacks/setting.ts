import { randomUUID } from 'node:crypto';
import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { entryPrimaryKey, keyPrimaryKey, ownerPrimaryKey } from '../../../lambda/keys/repository/primary-keys';
import { organizationClaim } from '../../../local/clerk/session-tokens';
import { type ApiHarness, newUser } from '../../support/api-harness';
import type { AttackRequest, FoundKey, Setting } from './attack';
import { signedIn } from './requests';

/** What an attacker is answered, by the handler or over HTTP. */
export interface AttackAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export type Send = (request: AttackRequest) => Promise<AttackAnswer>;

const maxKeys = 80;
const keysPerHour = 300;
/** The limits that {@link prepareOwners} expects; the attacker stays far below them. */
export const attackLimits = {
  MAX_KEYS_PER_OWNER: String(maxKeys),
  KEYS_PER_OWNER_PER_HOUR: String(keysPerHour),
};

/** Creates the users and keys that attackers find. The keys have been used, so nothing is the first of its kind. */
export async function makeSetting(
  send: Send,
  { sessions, webhookSecret, scanning }: Pick<Setting, 'sessions' | 'webhookSecret' | 'scanning'>,
): Promise<Setting> {
  const user = newUser();
  const sign = (who: string) => sessions.sign(who, 600);
  const token = sign(user);
  const call = async (request: AttackRequest) => {
    const answer = await send(request);
    if (answer.status !== 200) throw new Error(answer.text);
    return JSON.parse(answer.text);
  };
  const use = ({ secret }: FoundKey) =>
    call({ method: 'GET', path: '/trpc/keys.whoami', headers: { 'x-api-key': secret } });
  const usedKey = async (owner: string, name: string, more = {}): Promise<FoundKey> => {
    const key = await call({ headers: signedIn({ token: owner }), body: JSON.stringify({ name, ...more }) });
    await use(key);
    return key;
  };
  const manage = (procedure: string, input: object) =>
    call({ path: `/trpc/keys.${procedure}`, headers: signedIn({ token }), body: JSON.stringify(input) });
  const key = await usedKey(token, 'Found key');
  const revokedKey = await usedKey(token, 'Revoked key');
  await manage('revoke', { id: revokedKey.id });
  // Until its first refusal the process counts a key's use while it reads the key.
  await send({ method: 'GET', path: '/trpc/keys.whoami', headers: { 'x-api-key': revokedKey.secret } });
  const strangersKey = await usedKey(sign(newUser()), 'Found key');
  const first = await usedKey(token, 'Rotated key');
  const rotate = async (): Promise<FoundKey> => {
    const { secret } = await manage('rotate', { id: first.id, gracePeriodSeconds: 86_400 });
    await use({ ...first, secret });
    return { ...first, secret };
  };
  await rotate();
  const rotatedKey = await rotate();
  const disabledKey = await usedKey(token, 'Disabled key');
  await manage('update', { id: disabledKey.id, enabled: false });
  await send({ method: 'GET', path: '/trpc/keys.whoami', headers: { 'x-api-key': disabledKey.secret } });
  const organization = newUser().replace('user_', 'org_');
  const administrator = sessions.sign(newUser(), 600, organizationClaim(organization, 'admin'));
  const organizationsKey = await usedKey(administrator, 'Organization key', { owner: 'organization' });
  // The process reads GitHub's keys with the first report.
  await send({ path: '/leaks/github', ...scanning.report([]) });
  const found = { rotatedKey, replacedSecret: first.secret, disabledKey, organization, organizationsKey };
  const prepared = { tombstoneId: randomUUID(), hourUsedUpToken: '', fullToken: '' };
  return { user, token, key, revokedKey, strangersKey, ...found, ...prepared, sessions, webhookSecret, scanning };
}

/** Writes a tombstone and two users at their limits into the table, where the table can be reached. */
export async function prepareOwners({
  sessions,
  tables: { client, tableName },
}: ApiHarness): Promise<Pick<Setting, 'tombstoneId' | 'hourUsedUpToken' | 'fullToken'>> {
  const tombstoneId = randomUUID();
  const [busy, full] = [newUser(), newUser()];
  const createdAt = new Date().toISOString();
  const hour = { hourEndsAt: Date.now() + 1_800_000, version: 1 };
  const items: object[] = [
    { ...keyPrimaryKey(tombstoneId), id: tombstoneId, revokedAt: createdAt, version: 1 },
    { ...ownerPrimaryKey(busy), attempts: keysPerHour, ...hour },
    { ...ownerPrimaryKey(full), attempts: 1, ...hour },
  ];
  for (let n = 0; n < maxKeys; n += 1) {
    const entry = { ownerId: full, id: randomUUID(), name: `Key ${n}`, createdAt };
    const key = { clerkUserId: full, clerkKeyId: 'ak_0', hint: '', secretDigest: '-', version: 1 };
    items.push({ ...entryPrimaryKey(entry), ...entry }, { ...keyPrimaryKey(entry.id), ...entry, ...key });
  }
  for (let start = 0; start < items.length; start += 25) {
    const puts = items.slice(start, start + 25).map((item) => ({ PutRequest: { Item: marshall(item) } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: puts } }));
  }
  const sign = (user: string) => sessions.sign(user, 600);
  return { tombstoneId, hourUsedUpToken: sign(busy), fullToken: sign(full) };
}
