import { createHmac, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { Setting } from './attack';

type Claims = Record<string, unknown>;

export function partsOf({ token }: Setting): { header: Claims; claims: Claims; signature: string } {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  return { header: read(header), claims: read(claims), signature };
}

export const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A token that Clerk signed with another header; undefined removes a member. */
export const withHeader = (change: Claims) => (setting: Setting) => {
  const { header, claims } = partsOf(setting);
  return setting.sessions.signJwt({ ...header, ...change }, claims);
};

/** A token that Clerk signed with other claims; undefined removes one. */
export const withClaims = (change: Claims) => (setting: Setting) => {
  const { header, claims } = partsOf(setting);
  return setting.sessions.signJwt(header, { ...claims, ...change });
};

/** The valid token's claims under another header, with a signature by the attacker. */
export const signedWith =
  (change: Claims, signature: (signed: string, setting: Setting) => string) => (setting: Setting) => {
    const { header, claims } = partsOf(setting);
    const signed = `${encoded({ ...header, ...change })}.${encoded(claims)}`;
    return `${signed}.${signature(signed, setting)}`;
  };

/** RFC 8725, section 2.1: the public key used as if it were a shared secret. */
export const hmacOfPublicKey =
  (digest: 'sha256' | 'sha512', keyOf = (pem: string): string | Buffer => pem) =>
  (signed: string, { sessions }: Setting) =>
    createHmac(digest, keyOf(sessions.publicKey)).update(signed).digest('base64url');

export const derOf = (pem: string) => createPublicKey(pem).export({ type: 'spki', format: 'der' });

const attackers = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const attackersJwk = attackers.publicKey.export({ format: 'jwk' });
export const attackersSignature = (signed: string) =>
  sign('RSA-SHA256', Buffer.from(signed), attackers.privateKey).toString('base64url');

/** The valid token with claims that were changed after it was signed. */
export const alteredClaims = (change: Claims) => (setting: Setting) => {
  const { header, claims, signature } = partsOf(setting);
  return `${encoded(header)}.${encoded({ ...claims, ...change })}.${signature}`;
};

export const seconds = () => Math.floor(Date.now() / 1000);

/** Random characters, which nobody can guess or compress. */
export const noise = (length: number) => randomBytes(length).toString('hex').slice(0, length);
