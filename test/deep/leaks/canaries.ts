import { createHash } from 'node:crypto';

/** How many characters identify a value. */
const enough = 12;

type Bytes = Buffer<ArrayBufferLike>;
type Coding = [name: string, width: number, write: (bytes: Bytes, value: string) => readonly string[]];

/** The bytes in base64 at each offset in a text; of the first and last digits only those that no other bytes affect. */
const base64 = (bytes: Bytes) =>
  [0, 1, 2].map((before) => {
    const digits = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return digits.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });

const urlSafe = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_');
const lowerCaseHex = (text: string) => text.replace(/%../g, (hex) => hex.toLowerCase());

/** The ways in which a value can be written. A width is the length of `enough` characters in it. */
const codings: readonly Coding[] = [
  ['raw', enough, (_bytes, value) => [value]],
  ['base64', enough, base64],
  ['base64url', enough, (bytes) => base64(bytes).map(urlSafe)],
  ['hex', enough * 2, (bytes) => [bytes.toString('hex'), bytes.toString('hex').toUpperCase()]],
  ['URL-encoded', enough, (_bytes, value) => [encodeURIComponent(value), lowerCaseHex(encodeURIComponent(value))]],
];

/** A hash of the four characters at a place, by which most places are skipped. */
const fingerprint = (text: string, at: number) =>
  ((text.charCodeAt(at) * 131 + text.charCodeAt(at + 1)) * 131 + text.charCodeAt(at + 2)) * 131 +
  text.charCodeAt(at + 3);
const fingerprints = 1 << 22;

/** A canary that was found: what it is, and how it was written. */
export interface Sighting {
  readonly what: string;
  readonly coding: string;
  /** The text around it. */
  readonly near: string;
}

/**
 * Values that must not get out, and a search for them that is fast for any number: a value is found by its first and by
 * its last characters, in every coding.
 */
export class Canaries {
  /** The pieces to search for, by their width. */
  private readonly pieces = new Map<number, Map<string, Omit<Sighting, 'near'>>>();
  /** The fingerprints that a piece begins with. */
  private readonly begun = new Uint8Array(fingerprints);

  /** @param value at least 16 characters, most of them random; bytes are searched for in their codings only. */
  add(what: string, value: string | Bytes): void {
    if (value.length < 16) throw new Error(`Too short to be identified: ${what}`);
    for (const [coding, width, write] of codings) {
      const isText = typeof value === 'string';
      if (!isText && coding !== 'hex' && !coding.startsWith('base64')) continue;
      for (const written of write(isText ? Buffer.from(value) : value, isText ? value : '')) {
        this.know(written.slice(0, width), { what, coding });
        this.know(written.slice(-width), { what, coding });
      }
    }
  }

  /** The parts of a JWT that identify it; every token begins with the same characters. */
  addToken(what: string, token: string): void {
    const [, payload = '', signature = ''] = token.split('.');
    // An empty or truncated one identifies nothing.
    if (signature.length >= 16) this.add(`${what}: signature`, signature);
    if (payload.length < 16) return;
    this.add(`${what}: payload`, payload);
    const { jti } = claimsOf(payload);
    // The part of the payload that no other token has.
    if (typeof jti === 'string' && jti.length >= 16) this.add(`${what}: claims`, jti);
  }

  /** A key's secret, or what was sent as one: the whole, its random part, its digest. */
  addKey(what: string, secret: string): void {
    const withoutPrefix = secret.replace(/^(sk_satori_)+/, '');
    const random = withoutPrefix.slice(withoutPrefix.lastIndexOf('_') + 1);
    for (const part of [withoutPrefix, random]) if (part.length >= 16) this.add(what, part);
    this.addDigestOf(what, secret);
  }

  addDigestOf(what: string, secret: string): void {
    const digest = createHash('sha256').update(secret).digest();
    this.add(`digest of ${what}`, digest);
    this.add(`digest of ${what}`, digest.toString('hex'));
  }

  /** The canaries in a text, each once per coding. */
  sightings(text: string): Sighting[] {
    const seen = new Map<string, Sighting>();
    for (const [width, pieces] of this.pieces) {
      for (let at = 0; at + width <= text.length; at += 1) {
        if (!this.begun[fingerprint(text, at) % fingerprints]) continue;
        const found = pieces.get(text.slice(at, at + width));
        if (!found) continue;
        const near = text.slice(Math.max(0, at - 100), at + width + 20);
        seen.set(`${found.what} ${found.coding}`, { ...found, near });
      }
    }
    return [...seen.values()];
  }

  /** Pieces of few different characters are left out, since any text can hold them. */
  private know(piece: string, sighting: Omit<Sighting, 'near'>): void {
    if (new Set(piece).size < 6) return;
    this.begun[fingerprint(piece, 0) % fingerprints] = 1;
    const ofWidth = this.pieces.get(piece.length) ?? new Map();
    this.pieces.set(piece.length, ofWidth);
    if (!ofWidth.has(piece)) ofWidth.set(piece, sighting);
  }
}

function claimsOf(payload: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) ?? {};
  } catch {
    return {};
  }
}
