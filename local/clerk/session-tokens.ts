import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** The claim of the session's active organization, in session tokens of version 2. @param role without `org:`. */
export const organizationClaim = (id: string, role: string) => ({ o: { id, rol: role, slg: id.toLowerCase() } });

/** Signs session tokens as Clerk's Frontend API does. Its key pair is new in each process. */
export class SessionTokens {
  /** The public key in PEM format: the "JWT public key" of the Clerk dashboard. */
  readonly publicKey: string;
  private readonly privateKey: KeyObject;
  private readonly keyId = `ins_${randomBytes(12).toString('hex')}`;

  /**
   * @param issuer the instance's Frontend API URL.
   * @param authorizedParty the origin of the app that the user is signed in to, for the claim `azp`. Without it, tokens
   * have no `azp`.
   */
  constructor(
    private readonly issuer: string,
    private readonly authorizedParty?: string,
  ) {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.privateKey = privateKey;
    this.publicKey = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  }

  /**
   * Signs a session token of version 2: https://clerk.com/docs/guides/sessions/session-tokens
   * @param lifetime in seconds; Clerk's own tokens live 60 s.
   * @param claims replace the default claims. Undefined removes a claim.
   */
  sign(userId: string, lifetime: number, claims: Record<string, unknown> = {}): string {
    const now = Math.floor(Date.now() / 1000);
    return this.signJwt(
      { alg: 'RS256', cat: 'cl_B7d4PD111AAA', kid: this.keyId, typ: 'JWT' },
      {
        azp: this.authorizedParty,
        exp: now + lifetime,
        fva: [0, -1],
        iat: now,
        iss: this.issuer,
        jti: randomBytes(10).toString('hex'),
        nbf: now - 10,
        sid: `sess_${randomBytes(14).toString('hex').slice(0, 27)}`,
        sts: 'active',
        sub: userId,
        v: 2,
        ...claims,
      },
    );
  }

  /** Signs any JWT with this instance's key and RS256. */
  signJwt(header: Record<string, unknown>, payload: Record<string, unknown>): string {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const signed = `${encode(header)}.${encode(payload)}`;
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), this.privateKey).toString('base64url')}`;
  }

  /** The instance's JSON Web Key Set. */
  jwks(): object {
    const jwk = createPublicKey(this.publicKey).export({ format: 'jwk' });
    return { keys: [{ ...jwk, use: 'sig', alg: 'RS256', kid: this.keyId }] };
  }
}
