import { randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * The largest multiple of 62 below 256. Random bytes from this value on are dropped, so that all digits are equally
 * likely.
 */
const unbiased = 248;

/** A number in base 62, padded with zeros to the width. The digits are in the order of ASCII. */
export function base62(value: bigint, width: number): string {
  let digits = '';
  for (let rest = value; rest > 0n; rest /= 62n) digits = alphabet[Number(rest % 62n)] + digits;
  return digits.padStart(width, '0');
}

/** The value of base-62 digits. */
export function base62Number(digits: string): bigint {
  let value = 0n;
  for (const digit of digits) value = value * 62n + BigInt(alphabet.indexOf(digit));
  return value;
}

/**
 * Random base-62 digits, uniformly distributed.
 * @param bytes returns that many random bytes. Default: a cryptographically secure source.
 */
export function randomBase62(length: number, bytes: (count: number) => Uint8Array = randomBytes): string {
  let digits = '';
  while (digits.length < length) {
    for (const byte of bytes(length - digits.length)) {
      if (byte < unbiased) digits += alphabet[byte % 62];
    }
  }
  return digits;
}
