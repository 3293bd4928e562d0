import { startEmulator } from '../emulator/start';

export default async function setUp(): Promise<void> {
  await startEmulator();
}
