import { userUpdated } from '../../local/clerk/webhooks';
import type { ApiHarness } from './api-harness';

/** `in grace`: the previous secret is accepted too. `rotated twice`: so it is, and an older one is not any more. */
export type State = 'disabled' | 'suspended' | 'expired' | 'in grace' | 'rotated twice' | 'revoked';

/** A key with all secrets that it has had. */
export interface KeyInState {
  readonly user: string;
  readonly token: string;
  readonly id: string;
  readonly secret: string;
  readonly previous?: string | undefined;
  readonly replaced?: string | undefined;
}

export const nameOfKey = 'Production Key';
/** How far ahead the keys that are to expire do so, in ms. */
export const expiresAfterMs = 90_000;

/** Creates a key of a new user and brings it into the states. An expired one expires after {@link expiresAfterMs}. */
export async function keyIn(api: ApiHarness, states: readonly State[]): Promise<KeyInState> {
  const { user, token } = api.signedIn();
  const expiresAt = states.includes('expired') ? new Date(Date.now() + expiresAfterMs).toISOString() : undefined;
  const { id, secret: first } = await ask(api, 'create', { name: nameOfKey, expiresAt }, token);
  const secrets: string[] = [first];
  const rotations = states.includes('rotated twice') ? 2 : Number(states.includes('in grace'));
  for (let rotation = 0; rotation < rotations; rotation += 1) {
    // A secret that was never used would be replaced.
    await api.whoami(secrets[0]);
    secrets.unshift((await ask(api, 'rotate', { id, gracePeriodSeconds: 3600 }, token)).secret);
  }
  if (states.includes('disabled')) await ask(api, 'update', { id, enabled: false }, token);
  if (states.includes('suspended')) await api.deliver(userUpdated(api.users.ban(user)));
  if (states.includes('revoked')) await ask(api, 'revoke', { id }, token);
  const [secret = '', previous, replaced] = secrets;
  return { user, token, id, secret, previous, replaced };
}

async function ask(api: ApiHarness, procedure: string, input: object, token: string) {
  const { status, json, text } = await api.call(procedure, input, { token });
  if (status !== 200) throw new Error(`keys.${procedure}: ${status} ${text}`);
  return json;
}
