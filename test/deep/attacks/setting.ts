import { newUser } from '../../support/api-harness';
import type { AttackRequest, FoundKey, Setting } from './attack';

/** What an attacker is answered, by the handler or over HTTP. */
export interface AttackAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export type Send = (request: AttackRequest) => Promise<AttackAnswer>;

/**
 * Makes what attackers find. Its keys have been used once, so that whoever is tried has everything in memory and no
 * further call is one of a beginning.
 */
export async function makeSetting(
  send: Send,
  { sessions, webhookSecret }: Pick<Setting, 'sessions' | 'webhookSecret'>,
): Promise<Setting> {
  const user = newUser();
  const token = sessions.sign(user, 300);
  const key = await usedKey(send, token);
  const strangersKey = await usedKey(send, sessions.sign(newUser(), 300));
  return { user, token, key, strangersKey, sessions, webhookSecret };
}

async function usedKey(send: Send, token: string): Promise<FoundKey> {
  const created = await send({
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"name":"Found key"}',
  });
  const key = JSON.parse(created.text);
  const headers = { 'x-api-key': key.secret };
  const used = await send({ method: 'GET', path: '/trpc/keys.whoami', headers });
  if (created.status !== 200 || used.status !== 200) throw new Error(`${created.text}\n${used.text}`);
  return key;
}
