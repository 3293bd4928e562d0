/** Host names of this machine. */
export const thisMachine = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Whether credentials can be sent to this URL: https, or http on this machine for stand-ins and emulators. The URL has
 * no credentials, query or fragment of its own.
 */
export function isServiceUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username || password || search || hash) return false;
  return protocol === 'https:' || (protocol === 'http:' && thisMachine.includes(hostname));
}
