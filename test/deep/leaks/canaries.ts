import { createHash } from 'node:crypto';

/** How much of a value is enough to know it by, in characters. */
const enough = 12;

type Bytes = Buffer<ArrayBufferLike>;
type Coding = readonly [
  name: string,
  write: (value: string, bytes: Bytes) => readonly string[],
  width: number,
];

/** What base64 makes of the bytes wherever they lie in a text: of its edges, those digits that are theirs alone. */
const base64 = (bytes: Bytes) =>
  [0, 1, 2].map((before) => {
    const digits = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return digits.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });

/** The ways in which a value may be written down. A width is what `enough` characters come to in it. */
const codings: readonly Coding[] = [
  ['raw', (value) => [value], enough],
  ['base64', (_value, bytes) => base64(bytes), enough],
  [
    'base64url',
    (_value, bytes) => base64(bytes).map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    enough,
  ],
  ['hex', (_value, bytes) => [bytes.toString('hex'), bytes.toString('hex').toUpperCase()], enough * 2],
  [
    'URL-encoded',
    (value) => [
      encodeURIComponent(value),
      encodeURIComponent(value).replace(/%../g, (hex) => hex.toLowerCase()),
    ],
    enough,
  ],
];

/** A number of the four characters at a place, by which most places are passed over without a look at more. */
const fingerprint = (text: string, at: number) =>
  ((text.charCodeAt(at) * 131 + text.charCodeAt(at + 1)) * 131 + text.charCodeAt(at + 2)) * 131 +
  text.charCodeAt(at + 3);
const fingerprints = 1 << 22;

/** Where a canary was seen: what it is of, and how it was written. */
export interface Sighting {
  readonly what: string;
  readonly coding: string;
  /** What stands around it. */
  readonly near: string;
}

/**
 * Values that may not get out, and a search for them that is quick for however many: each is known by its first and
 * by its last characters, in every coding. So a value is found whole, by its start, and by its end.
 */
export class Canaries {
  /** By their width: what the pieces are of. */
  private readonly pieces = new Map<number, Map<string, Omit<Sighting, 'near'>>>();
  /** Which fingerprints a piece begins with. */
  private readonly begun = new Uint8Array(fingerprints);

  /** @param value of at least 16 characters, most of them random; bytes are known in their codings only. */
  add(what: string, value: string | Bytes): void {
    if (value.length < 16) throw new Error(`Too short to be told from anything else: ${what}`);
    for (const [coding, write, width] of codings) {
      const isText = typeof value === 'string';
      if (!isText && coding !== 'hex' && !coding.startsWith('base64')) continue;
      for (const written of write(isText ? value : '', isText ? Buffer.from(value) : value)) {
        this.know(written.slice(0, width), { what, coding });
        this.know(written.slice(-width), { what, coding });
      }
    }
  }

  /** The parts of a JWT that tell it from others: its first characters are those of every token. */
  addToken(what: string, token: string): void {
    const [, payload = '', signature = ''] = token.split('.');
    // An empty or cut one is not worth finding.
    if (signature.length >= 16) this.add(`${what}: signature`, signature);
    if (payload.length < 16) return;
    this.add(`${what}: payload`, payload);
    const { jti } = claimsOf(payload);
    // In base64 it is what of the payload this token alone has.
    if (typeof jti === 'string' && jti.length >= 16) this.add(`${what}: claims`, jti);
  }

  /** A key secret of the service: whole, its random part, Clerk's own secret in it, the digests of both. */
  addKey(what: string, secret: string): void {
    const random = secret.slice('sk_satori_'.length + 22, -6);
    this.add(what, secret.slice('sk_satori_'.length));
    this.add(what, random);
    this.addDigestOf(what, secret);
    this.addDigestOf(what, `ak_${random}`);
  }

  addDigestOf(what: string, secret: string): void {
    const digest = createHash('sha256').update(secret).digest();
    this.add(`digest of ${what}`, digest);
    this.add(`digest of ${what}`, digest.toString('hex'));
  }

  /** The canaries in a text, each once a coding. */
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

  /** Of few different characters there are many in every text, and they say nothing. */
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
