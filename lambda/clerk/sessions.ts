import { SessionRefused } from '../shared/errors';
import type { Task } from '../shared/task';
import type * as ClerkJwt from './jwt';
import type { ClerkSecretSource } from './secret';
import type { Session } from './session';
import { VerifiedSessions } from './token-cache';

export interface SessionRules {
  /** The only accepted issuer; empty to accept any that the public key verifies. */
  readonly issuer: string;
  /** The accepted origins (`azp`); empty to accept any. */
  readonly authorizedParties: readonly string[];
}

/** The longest accepted token. Clerk's tokens are below 4 KB, the limit of browsers for cookies. */
const maxTokenBytes = 8 * 1024;
/** The accepted difference between this clock and Clerk's, in ms: the default of Clerk's verifier. */
const clockSkewMs = 5_000;
/** The values of the header `cat` in session tokens: `isNonSessionJwtCategory` in @clerk/backend. */
const sessionCategories: unknown[] = [undefined, 'cl_B7d4PD111AAA', 'cl_I7d4PD111III'];

type Claims = Readonly<Record<string, unknown>>;

/** Verifies session tokens without a call to Clerk. Verified tokens are cached until they expire. */
export class ClerkSessions {
  private readonly verified = new VerifiedSessions();

  constructor(
    private readonly secret: ClerkSecretSource,
    private readonly rules: SessionRules,
  ) {}

  /**
   * @throws SessionRefused for a token that is not a valid session token of this issuer and these parties.
   * @throws the errors of {@link ClerkSecretSource.get} when the public key cannot be read.
   */
  async verify(token: string | undefined, task: Task): Promise<Session> {
    if (token === undefined) throw new SessionRefused('no bearer token');
    if (Buffer.byteLength(token) > maxTokenBytes) throw new SessionRefused('token too long');
    if (!isCompactJws(token)) throw new SessionRefused('not a JWT');
    const known = this.verified.find(token);
    if (!known) await checkUnverified(token, this.rules);
    const { jwtKey } = await this.secret.get(task);
    if (known?.verifiedWith === jwtKey) return known.session;
    return await this.verifySignature(token, jwtKey);
  }

  private async verifySignature(token: string, jwtKey: string): Promise<Session> {
    const { verifyJwt } = await import('./jwt');
    const claims: Claims = await verifyJwt(token, {
      key: jwtKey,
      authorizedParties: [...this.rules.authorizedParties],
      clockSkewInMs: clockSkewMs,
    }).catch((error) => {
      if (!isVerificationError(error)) throw error;
      throw new SessionRefused(`verifier: ${error.reason}`);
    });
    // The first check read unverified claims. These are verified.
    const reason = claimsProblem(claims, this.rules);
    if (reason) throw new SessionRefused(reason);
    const session = {
      userId: String(claims.sub),
      impersonated: claims.act !== undefined,
      organization: organizationOf(claims),
    };
    // Like Clerk's verifier, which ignores fractions of a second.
    const expiresAt = Math.floor(Number(claims.exp)) * 1000 + clockSkewMs;
    this.verified.keep(token, { session, verifiedWith: jwtKey, expiresAt });
    return session;
  }
}

/**
 * Whether the token has three parts in base64url: RFC 7515, section 7.1. Clerk's decoder also accepts padding, and bits
 * in the last character that it drops. Each token would then have many spellings, each with its own place in the cache.
 */
function isCompactJws(token: string): boolean {
  const parts = token.split('.', 4);
  return parts.length === 3 && parts.every((part) => part !== '' && isBase64Url(part));
}

/** Decoding ignores what is not base64url, so only the canonical spelling comes out again. */
const isBase64Url = (text: string) => Buffer.from(text, 'base64url').toString('base64url') === text;

/** Recognizes Clerk's TokenVerificationError by its shape, because each entry point of Clerk has its own class. */
const isVerificationError = (error: unknown): error is Error & { readonly reason: string } =>
  error instanceof Error && 'reason' in error && typeof error.reason === 'string';

/** Refuses a token with a wrong header or wrong claims, before the public key is read. */
async function checkUnverified(token: string, rules: SessionRules): Promise<void> {
  const { header, claims } = decode(token, await import('./jwt'));
  const reason = headerProblem(header) ?? claimsProblem(claims, rules);
  if (reason) throw new SessionRefused(reason);
}

function decode(token: string, { decodeJwt }: typeof ClerkJwt): { header: Claims; claims: Claims } {
  try {
    const { header, payload } = decodeJwt(token);
    return { header: { ...header }, claims: { ...payload } };
  } catch {
    // Clerk's decoder throws errors of many kinds for malformed text.
    throw new SessionRefused('not a JWT');
  }
}

/** @returns the reason to refuse the header; undefined if it is accepted. */
function headerProblem({ alg, cat, crit }: Claims): string | undefined {
  if (alg !== 'RS256') return 'algorithm';
  // No critical extension is supported: RFC 7515, section 4.1.11.
  if (crit !== undefined) return 'critical extension';
  if (!sessionCategories.includes(cat)) return 'not a session token';
  return undefined;
}

/** @returns the reason to refuse the claims. It includes checks that Clerk's verifier leaves to the application. */
function claimsProblem(claims: Claims, { issuer, authorizedParties }: SessionRules): string | undefined {
  const { sub, sid, iss, sts, azp, exp } = claims;
  if (typeof exp !== 'number' || exp * 1000 <= Date.now() - clockSkewMs) return 'expired';
  if (issuer !== '' && iss !== issuer) return 'issuer';
  // Tokens of native apps have no `azp`. If parties are configured, they are refused, as Clerk's verifier does.
  if (authorizedParties.length > 0 && !authorizedParties.includes(azp as string)) return 'party';
  if (typeof sub !== 'string' || !/^user_\w+$/.test(sub)) return 'subject is not a user';
  if (typeof sid !== 'string' || sid === '') return 'no session id';
  if (sts !== undefined && sts !== 'active') return 'session not active';
  return undefined;
}

/**
 * The active organization, in either version of session tokens: `o` since version 2, `org_id` and `org_role` before.
 * https://clerk.com/docs/guides/sessions/session-tokens
 */
function organizationOf({ o, org_id, org_role }: Claims): Session['organization'] {
  const { id, rol } = (o ?? { id: org_id, rol: org_role }) as { id?: unknown; rol?: unknown };
  if (typeof id !== 'string' || !/^org_\w+$/.test(id) || typeof rol !== 'string') return undefined;
  return { id, role: rol.replace(/^org:/, '') };
}
