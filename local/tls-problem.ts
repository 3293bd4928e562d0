/** @returns why no credentials may be sent from this environment; undefined if they may. */
export function tlsProblem({
  NODE_TLS_REJECT_UNAUTHORIZED,
}: Readonly<Record<string, string | undefined>>): string | undefined {
  if (NODE_TLS_REJECT_UNAUTHORIZED !== '0') return undefined;
  return 'NODE_TLS_REJECT_UNAUTHORIZED=0 turns off the verification of certificates. Unset it. To add a certificate authority, set NODE_EXTRA_CA_CERTS.';
}
