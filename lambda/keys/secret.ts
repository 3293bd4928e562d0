import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { base62, base62Number, randomBase62 } from './base62';

// <prefix>_<22 digits: the key's UUID>_<32 digits: random, 190 bits><6 digits: CRC-32 of everything before>
// All digits are base 62. A double click selects the whole secret.

const idLength = 22;
const randomLength = 32;
const checksumLength = 6;
/** The length of everything after the prefix, with both underscores. */
const bodyLength = 1 + idLength + 1 + randomLength + checksumLength;

/** The part after the prefix. A UUID's first digit is 0 to 7; the other digits are reserved for a later format. */
export const secretBody = /^_([0-7][0-9A-Za-z]{21})_([0-9A-Za-z]{38})$/;

/** Creates a secret for a key. Only its digest may be stored. */
export function newSecret(prefix: string, id: string): string {
  const start = `${prefix}_${base62(BigInt(`0x${id.replaceAll('-', '')}`), idLength)}`;
  return withChecksum(`${start}_${randomBase62(randomLength)}`);
}

/** Appends the checksum to the text. */
export function withChecksum(text: string): string {
  return text + base62(BigInt(crc32(text)), checksumLength);
}

/**
 * The key ID in a secret. The secret is not verified.
 * @param prefixes the accepted prefixes.
 * @returns undefined if the prefix, length, characters or checksum are wrong.
 */
export function idInSecret(prefixes: readonly string[], secret: string): string | undefined {
  const prefixLength = secret.length - bodyLength;
  if (!prefixes.some((prefix) => prefix.length === prefixLength && secret.startsWith(prefix))) return undefined;
  const [, digits] = secretBody.exec(secret.slice(prefixLength)) ?? [];
  if (digits === undefined || withChecksum(secret.slice(0, -checksumLength)) !== secret) return undefined;
  const hex = base62Number(digits).toString(16).padStart(32, '0');
  return hex.length > 32 ? undefined : hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * A short form that identifies the key for its owner: `sk_satori_67Zw…kRb2`. It has no character of the random part: the
 * last four are from the checksum.
 */
export function hintOf(secret: string): string {
  return `${secret.slice(0, secret.length - bodyLength + 1 + 4)}…${secret.slice(-4)}`;
}

/**
 * The digest that is stored: SHA-256 in hex. A slow hash would not make it safer, because the secret has 190 random bits.
 * NIST SP 800-63B, section 5.1.1.2, requires slow hashes for secrets that people choose.
 */
export function digestOf(secret: string): string {
  return hash('sha256', secret, 'hex');
}
