import { delimiter } from 'node:path';
import { startEmulator } from '../emulator/start';
import { bootstrap } from './bootstrap';
import { node24Folder } from './node24';

export default async function setUp(): Promise<void> {
  const PATH = [node24Folder(), process.env.PATH].join(delimiter);
  await startEmulator({ PATH, LAMBDA_EXECUTOR: 'local' });
  await bootstrap();
}
