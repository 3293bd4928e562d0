import type { RouterOutputs } from '../../../lambda/http/client';

type Rights = Pick<RouterOutputs['keys']['list'][number], 'scopes' | 'expiresAt' | 'enabled'>;

const dateFormat = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });

/**
 * What a key may be used for and until when: "docs:read, docs:write · expires Jan 31, 2027".
 * @param now in ms since the epoch.
 * @returns an empty string for an active key without scopes and expiry.
 */
export function rightsOf({ scopes, expiresAt, enabled }: Rights, now: number): string {
  const expiry = expiresAt && `${Date.parse(expiresAt) <= now ? 'expired' : 'expires'} ${dateOf(expiresAt)}`;
  return [scopes.join(', '), expiry, enabled ? '' : 'disabled'].filter(Boolean).join(' · ');
}

const dateOf = (iso: string) => dateFormat.format(new Date(iso));
