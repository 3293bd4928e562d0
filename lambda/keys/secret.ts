import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** What Clerk puts before the random part of a key. */
const clerkPrefix = 'ak_';

/** A Clerk secret that can travel in a header and a shell: token68 of RFC 9110, section 11.2. */
export const clerkSecretPattern = /^ak_[A-Za-z0-9._~+/-]{16,200}=*$/;

const checksumLength = 6;
/** What follows the prefix: the record's id, Clerk's random part, the checksum. */
const parts = /^([0-9A-Za-z]{22})(.+)([0-9A-Za-z]{6})$/;

/** The number in base 62, padded with zeros to the width. */
function base62(value: bigint, width: number): string {
  let digits = '';
  for (let rest = value; rest > 0n; rest /= 62n) digits = alphabet[Number(rest % 62n)] + digits;
  return digits.padStart(width, '0');
}

/** The number that base-62 digits stand for. */
function numberOf(digits: string): bigint {
  return [...digits].reduce((value, digit) => value * 62n + BigInt(alphabet.indexOf(digit)), 0n);
}

/**
 * The secret that a user gets: `<prefix>_`, the record's id in 22 base-62 digits, Clerk's random part, and
 * 6 base-62 digits of the CRC-32 of all that, so that a slip of the hand is seen without asking anybody.
 * @param id the record's UUID.
 * @param clerkSecret as Clerk answered it, `ak_…`.
 */
export function formatKeySecret(prefix: string, id: string, clerkSecret: string): string {
  const uuid = base62(BigInt(`0x${id.replaceAll('-', '')}`), 22);
  const body = `${prefix}_${uuid}${clerkSecret.slice(clerkPrefix.length)}`;
  return body + checksumOf(body);
}

const checksumOf = (text: string) => base62(BigInt(crc32(text)), checksumLength);

/**
 * The record's id that a secret names, without asking anybody whether it is right.
 * @returns undefined for what no secret looks like: prefix, length, alphabet, checksum.
 */
export function idInKeySecret(prefix: string, secret: string): string | undefined {
  if (!secret.startsWith(`${prefix}_`)) return undefined;
  const [, uuid, random, checksum] = parts.exec(secret.slice(prefix.length + 1)) ?? [];
  if (!uuid || !random || !clerkSecretPattern.test(clerkPrefix + random)) return undefined;
  if (checksum !== checksumOf(secret.slice(0, -checksumLength))) return undefined;
  const hex = numberOf(uuid).toString(16).padStart(32, '0');
  return hex.length > 32 ? undefined : hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * What is stored of a secret: SHA-256, in hex. The secret is random and long, so nothing slower would help;
 * see NIST SP 800-63B, section 5.1.1.2, which asks for slow hashes where people choose the secret.
 */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
