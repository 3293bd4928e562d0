// In the bundle instead of `#crypto` of `@clerk/backend`. Clerk's verifier imports the public key again with each session
// token; here the last imported key is kept. What is verified, and how, does not change.

const { subtle } = globalThis.crypto;

let last: { readonly data: Buffer; readonly settings: string; readonly key: Promise<CryptoKey> } | undefined;

/** As `SubtleCrypto.importKey`, but the same public key in DER is imported once. */
async function importKey(
  ...[format, data, algorithm, extractable, usages]: [
    format: 'spki',
    data: Uint8Array<ArrayBuffer>,
    algorithm: RsaHashedImportParams,
    extractable: boolean,
    usages: KeyUsage[],
  ]
): Promise<CryptoKey> {
  const settings = JSON.stringify([format, algorithm, extractable, usages]);
  if (last?.settings !== settings || !last.data.equals(data)) {
    last = {
      data: Buffer.from(data),
      settings,
      key: subtle.importKey(format, data, algorithm, extractable, usages),
    };
  }
  return await last.key;
}

export const webcrypto = {
  subtle: { importKey, verify: subtle.verify.bind(subtle), sign: subtle.sign.bind(subtle) },
};
