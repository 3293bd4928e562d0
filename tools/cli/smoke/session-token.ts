/** A Clerk session token, and what it says of itself. Whether that is true only the service can tell. */
export class SessionToken {
  private constructor(
    /** As it is sent; never printed. */
    readonly text: string,
    private readonly claims: Readonly<Record<string, unknown>>,
  ) {}

  /** @returns undefined for what is no JWT. Quotes around it, as the browser's console prints them, are taken off. */
  static parse(given: string): SessionToken | undefined {
    const text = given.trim().replace(/^(["'])(.*)\1$/, '$2');
    const payload = /^eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]+$/.exec(text)?.[1] ?? '';
    try {
      return new SessionToken(text, JSON.parse(Buffer.from(payload, 'base64url').toString()));
    } catch {
      return undefined;
    }
  }

  /** Who is signed in. */
  get userId(): unknown {
    return this.claims.sub;
  }

  /** For a person who looks for the reason why a stage refused it. */
  whyRefused(): string {
    const { exp, iss, azp } = this.claims;
    const secondsLeft = Math.round(Number(exp) - Date.now() / 1000);
    if (secondsLeft <= 0) {
      return `The session token expired ${-secondsLeft} s ago; it lives a minute. Get a new one and run this again.`;
    }
    return [
      `The session token lives for another ${secondsLeft} s.`,
      `Its issuer is ${iss ?? 'missing'} and its azp ${azp ?? 'missing'}:`,
      'the stage has to have them as clerkIssuer and among authorizedParties (lib/stages.ts),',
      'and its secret the public key (jwtKey) of that Clerk instance.',
    ].join(' ');
  }
}
