import type { Deadline } from '../shared/deadline';
import { SessionRefused } from '../shared/errors';
import type * as ClerkJwt from './jwt';
import type { ClerkSecretSource } from './secret';
import { VerifiedSessions } from './token-cache';

/** Who calls, as Clerk has signed it. */
export interface Session {
  readonly userId: string;
  /** Somebody else, a support person as a rule, acts as this user (the `act` claim). */
  readonly impersonated: boolean;
}

export interface SessionRules {
  /** The only issuer that counts; empty: whoever holds the key. */
  readonly issuer: string;
  /** The origins that count; empty: any. */
  readonly authorizedParties: readonly string[];
}

/** Longer tokens are refused unread; Clerk's own are kept under 4 KB by the browser's limit on cookies. */
const maxTokenBytes = 8 * 1024;
/** How far our clock and Clerk's may differ, in ms; what Clerk's own verifier takes. */
const clockSkewMs = 5_000;
/** Clerk's marks for a session token in the `cat` header, as `isNonSessionJwtCategory` of @clerk/backend has them. */
const sessionCategories: unknown[] = [undefined, 'cl_B7d4PD111AAA', 'cl_I7d4PD111III'];

type Claims = Readonly<Record<string, unknown>>;

/** Says who a session token speaks for, without asking Clerk; of one token once, as long as it lives. */
export class ClerkSessions {
  private readonly verified = new VerifiedSessions();

  constructor(
    private readonly secret: ClerkSecretSource,
    private readonly rules: SessionRules,
  ) {}

  /**
   * @throws SessionRefused for a token that is not a valid session token of this instance and these parties.
   *   What a token says wrongly of itself is refused before anything is fetched.
   * @throws what {@link ClerkSecretSource.get} throws, when the key that verifies it is not to be had.
   */
  async verify(token: string | undefined, deadline: Deadline): Promise<Session> {
    if (token === undefined) throw new SessionRefused('no bearer token');
    if (Buffer.byteLength(token) > maxTokenBytes) throw new SessionRefused('token too long');
    const known = this.verified.find(token);
    const claims = known ? undefined : await rightClaims(token, this.rules);
    const { jwtKey } = await this.secret.get(deadline);
    if (known?.verifiedWith === jwtKey) return known.session;
    return await this.verifyAnew(token, claims ?? (await rightClaims(token, this.rules)), jwtKey);
  }

  private async verifyAnew(token: string, claims: Claims, jwtKey: string): Promise<Session> {
    const { verifyJwt } = await import('./jwt');
    await verifyJwt(token, {
      key: jwtKey,
      authorizedParties: [...this.rules.authorizedParties],
      clockSkewInMs: clockSkewMs,
    }).catch((error) => {
      throw new SessionRefused(`verifier: ${(error as { reason?: string }).reason ?? 'unknown'}`);
    });
    const session = { userId: String(claims.sub), impersonated: claims.act !== undefined };
    // Clerk's verifier drops fractions of a second.
    const until = Math.floor(Number(claims.exp)) * 1000 + clockSkewMs;
    this.verified.keep(token, { session, verifiedWith: jwtKey, until });
    return session;
  }
}

/** The claims of a token that says nothing wrong of itself. Its signature is still to be checked. */
async function rightClaims(token: string, rules: SessionRules): Promise<Claims> {
  const { header, claims } = decode(token, await import('./jwt'));
  const reason = wrongWithHeader(header) ?? wrongWithClaims(claims, rules);
  if (reason) throw new SessionRefused(reason);
  return claims;
}

function decode(token: string, { decodeJwt }: typeof ClerkJwt): { header: Claims; claims: Claims } {
  try {
    const { header, payload } = decodeJwt(token);
    return { header: { ...header }, claims: { ...payload } };
  } catch {
    throw new SessionRefused('not a JWT');
  }
}

function wrongWithHeader({ alg, cat, crit }: Claims): string | undefined {
  if (alg !== 'RS256') return 'algorithm';
  // An extension that has to be understood, of which we understand none: RFC 7515, section 4.1.11.
  if (crit !== undefined) return 'critical extension';
  if (!sessionCategories.includes(cat)) return 'not a session token';
  return undefined;
}

/** The claims that Clerk's verifier leaves to the application, and those that spare it the work. */
function wrongWithClaims(claims: Claims, { issuer, authorizedParties }: SessionRules): string | undefined {
  const { sub, sid, iss, sts, azp, exp } = claims;
  if (typeof exp !== 'number' || exp * 1000 <= Date.now() - clockSkewMs) return 'expired';
  if (issuer !== '' && iss !== issuer) return 'issuer';
  // A native app's token has no `azp`; like Clerk's verifier, a stage that names parties takes none of them.
  if (authorizedParties.length > 0 && !authorizedParties.includes(azp as string)) return 'party';
  if (typeof sub !== 'string' || !/^user_\w+$/.test(sub)) return 'subject is not a user';
  if (typeof sid !== 'string' || sid === '') return 'no session id';
  if (sts !== undefined && sts !== 'active') return 'session not active';
  return undefined;
}
