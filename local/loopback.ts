import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Check, guard, loopbackHost } from './access';

/** A server on the loopback interface, reachable only from this machine. */
export interface LoopbackServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts listening on 127.0.0.1. Requests to another host name than a loopback name are refused.
 * @param port 0 for any free port.
 * @throws the error of `listen`, usually `EADDRINUSE`.
 */
export async function listen(server: Server, port = 0): Promise<LoopbackServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port: actual } = server.address() as AddressInfo;
  guard(server, loopbackHost(actual));
  return {
    port: actual,
    url: `http://127.0.0.1:${actual}`,
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        // Close kept-alive connections too; otherwise close() waits for the clients.
        server.closeAllConnections();
      }),
  };
}

/**
 * Starts an HTTP server. If the listener throws, the connection is closed without a response.
 * @param check refuses further requests. Default: none.
 */
export async function serve(
  listener: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  port = 0,
  check?: Check,
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    listener(request, response).catch(() => response.destroy());
  });
  if (check) guard(server, check);
  return await listen(server, port);
}
