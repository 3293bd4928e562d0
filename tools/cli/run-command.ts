import { CommandError } from './command-error';

/** Runs a command to its exit code: 0 done, 1 it could not, and its last line says why and what to do. */
export function runCommand(main: () => Promise<void>): void {
  // The AWS SDK would say which Node it will want next year, to somebody who is about to paste a secret.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  main().catch((error) => {
    // Of any other error only what it is and where: its message could quote what was sent.
    const where = error instanceof Error ? (error.stack ?? '').replace(error.message, '') : '';
    console.error(error instanceof CommandError ? `\n${error.message}` : `A bug in this command: ${where}`);
    process.exitCode = 1;
  });
}
