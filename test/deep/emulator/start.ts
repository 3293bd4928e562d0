import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { sdkWarningSwitch } from '../../../local/dynamodb';
import { startServer } from '../../support/cached-server';
import { virtualEnvironment } from './virtual-environment';

/**
 * Starts one emulator for all test files: MiniStack, which enforces IAM policies. https://ministack.org
 * Its address is in the variable TEST_AWS_URL, from where client.ts reads it.
 * @param settings environment variables of MiniStack, besides those that it always needs.
 */
export async function startEmulator(settings: NodeJS.ProcessEnv = {}): Promise<void> {
  const command = [join(virtualEnvironment('ministack', __dirname), 'bin', 'python'), '-I', '-m', 'ministack'];
  // MiniStack gets none of this process's environment: an AWS variable could change who the root user is.
  const env = { PATH: process.env.PATH, AUTH: 'true', BIND_HOST: '127.0.0.1', ...settings };
  const others = { GATEWAY_PORT: await freePort(), IOT_MTLS_ENABLED: '0', SFTP_ENABLED: '0' };
  const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/;
  process.env.TEST_AWS_URL = await startServer(command, { ...env, ...others }, address);
  process.env[sdkWarningSwitch] = 'true';
}

/** A free port. MiniStack tells functions its own port, so it cannot choose one itself. */
async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}
