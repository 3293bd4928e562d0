import { createHash, createHmac, createSecretKey, type Hash, type Hmac, type KeyObject } from 'node:crypto';

/** A key as the SDK gives it: the secret access key, or bytes that were derived from it. */
type Secret = string | ArrayBuffer | ArrayBufferView;

/**
 * The SDK's SHA-256 with prepared HMAC keys. The signature of every call uses the same keys, and `createHmac` takes much
 * longer with bytes than with a `KeyObject`.
 */
export class Sha256 {
  private hash: Hash | Hmac;

  /** @param secret the key of an HMAC; undefined for a hash. */
  constructor(private readonly secret?: Secret) {
    this.hash = this.begin();
  }

  update(data: Uint8Array): void {
    this.hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  reset(): void {
    this.hash = this.begin();
  }

  private begin(): Hash | Hmac {
    return this.secret === undefined ? createHash('sha256') : createHmac('sha256', keyObjectOf(this.secret));
  }
}

let ofText: { readonly secret: string; readonly key: KeyObject } | undefined;
const ofBytes = new WeakMap<object, KeyObject>();

function keyObjectOf(secret: Secret): KeyObject {
  if (typeof secret === 'string') {
    if (ofText?.secret !== secret) ofText = { secret, key: createSecretKey(secret, 'utf8') };
    return ofText.key;
  }
  const known = ofBytes.get(secret);
  if (known) return known;
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(secret) ? secret : new Uint8Array(secret);
  const key = createSecretKey(Buffer.from(buffer, byteOffset, byteLength));
  ofBytes.set(secret, key);
  return key;
}
