import { randomUUID } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { keyPrimaryKey } from '../../../lambda/keys/repository/primary-keys';
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
  const prepared = { ...found, tombstoneId: randomUUID() };
  return { user, token, key, revokedKey, strangersKey, ...prepared, sessions, webhookSecret, scanning };
}

/** Writes a tombstone into the table, where the table can be reached. @returns its ID */
export async function storeTombstone({ tables: { client, tableName: TableName } }: ApiHarness): Promise<string> {
  const id = randomUUID();
  const tombstone = { ...keyPrimaryKey(id), id, revokedAt: new Date().toISOString(), version: 1 };
  await client.send(new PutItemCommand({ TableName, Item: marshall(tombstone) }));
  return id;
}
