/** A Clerk session token and its claims, which only the service can verify. */
export class SessionToken {
  private constructor(
    /** The token itself; never printed. */
    readonly text: string,
    private readonly claims: Readonly<Record<string, unknown>>,
  ) {}

  /** @returns undefined for text that is not a JWT. Quotes around it, as a browser's console prints them, are removed. */
  static parse(given: string): SessionToken | undefined {
    const text = given.trim().replace(/^(["'])(.*)\1$/, '$2');
    const payload = /^eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]+$/.exec(text)?.[1] ?? '';
    try {
      return new SessionToken(text, JSON.parse(Buffer.from(payload, 'base64url').toString()));
    } catch {
      return undefined;
    }
  }

  /** The signed-in user. */
  get userId(): unknown {
    return this.claims.sub;
  }

  /** The active organization of the session, in version 2 of session tokens or before. */
  get organizationId(): string | undefined {
    const { o, org_id } = this.claims as { o?: { id?: unknown } | null; org_id?: unknown };
    const id = o?.id ?? org_id;
    return typeof id === 'string' ? id : undefined;
  }

  /** A hint on why a stage refused the token. */
  whyRefused(): string {
    const { exp, iss, azp } = this.claims;
    const secondsLeft = Math.round(Number(exp) - Date.now() / 1000);
    if (secondsLeft <= 0) {
      return `The session token expired ${-secondsLeft} s ago; it is valid for a minute. Get a new one and run this again.`;
    }
    return [
      `The session token is valid for another ${secondsLeft} s.`,
      `Its issuer is ${iss ?? 'missing'} and its azp ${azp ?? 'missing'}.`,
      'Check that they are the clerkIssuer and one of the authorizedParties of the stage (stages.config.ts),',
      "and that the stage's secret contains the public key (jwtKey) of that Clerk instance.",
    ].join(' ');
  }
}
