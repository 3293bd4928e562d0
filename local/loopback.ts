import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on this machine's loopback interface, which nobody outside can reach. */
export interface LoopbackServer {
  readonly port: number;
  /** `http://127.0.0.1:<port>`, no slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts listening on 127.0.0.1.
 * @param port 0 for a free one.
 * @throws the error of `listen`, `EADDRINUSE` above all.
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
  return {
    port: actual,
    url: `http://127.0.0.1:${actual}`,
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        // Clients keep connections alive; nothing is to wait for them.
        server.closeAllConnections();
      }),
  };
}

/** Starts a server of our own; a listener that fails breaks its connection off, as a crashed server would. */
export async function serve(
  listener: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  port = 0,
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    listener(request, response).catch(() => response.destroy());
  });
  return await listen(server, port);
}
