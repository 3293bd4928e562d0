import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** The answer to a request that a local server does not accept. */
export interface Refusal {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** @returns the refusal of a request; undefined if the server may answer it. */
export type Check = (request: IncomingMessage) => Refusal | undefined;

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Credentials of AWS clients that call the stand-ins. */
export interface StandInCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** New credentials for one run. DynamoDB Local accepts only letters and digits in an access key ID. */
export const newCredentials = (): StandInCredentials => ({
  accessKeyId: `LOCAL${randomBytes(16).toString('hex').toUpperCase()}`,
  secretAccessKey: randomBytes(24).toString('base64url'),
});

/** Makes a server check each request before its listeners receive it. */
export function guard(server: Server, check: Check): void {
  const listeners = server.listeners('request') as Listener[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const refusal = check(request);
    if (!refusal) {
      for (const listener of listeners) listener.call(server, request, response);
      return;
    }
    response.writeHead(refusal.status, { 'content-type': refusal.contentType, connection: 'close' }).end(refusal.body);
  });
}

export const textRefusal = (status: number, message: string): Refusal => ({
  status,
  contentType: 'text/plain',
  body: `${message}\n`,
});

/**
 * Accepts requests to a loopback name and this port only. In a DNS rebinding attack, a page changes the address of its
 * own host name to 127.0.0.1, so that the browser lets it read the responses. The Host header still has that name.
 */
export function loopbackHost(port: number): Check {
  const names = ['localhost', '127.0.0.1', '[::1]'];
  const hosts = names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : `${name}:${port}`));
  return ({ headers }) =>
    hosts.includes(headers.host?.toLowerCase() ?? '')
      ? undefined
      : textRefusal(421, `Use http://localhost:${port}. This server accepts no other host name.`);
}

/** Refuses requests from web pages: browsers add an Origin header, and the clients of the stand-ins do not. */
export const noWebPage: Check = ({ headers }) =>
  headers.origin === undefined ? undefined : textRefusal(403, 'This server does not accept requests from web pages.');

/**
 * Accepts AWS requests with the access key ID of this run, and refuses others as AWS does. The signature is not
 * verified: the random access key ID is known only to processes that received the credentials.
 */
export function awsCredentials({ accessKeyId }: StandInCredentials): Check {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(accessKeyId);
  return (request) => {
    const [, given = ''] = /^AWS4-HMAC-SHA256 Credential=(\w+)\//.exec(request.headers.authorization ?? '') ?? [];
    if (timingSafeEqual(digest(given), expected)) return noWebPage(request);
    return {
      status: 400,
      contentType: 'application/x-amz-json-1.0',
      body: JSON.stringify({
        __type: 'UnrecognizedClientException',
        message: 'The security token included in the request is invalid.',
      }),
    };
  };
}
