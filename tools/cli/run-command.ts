import { CommandError } from './command-error';
import { environmentProblem } from './environment';

/** Runs a command. The exit code is 0 for success; otherwise 1, and the last line says why and what to do. */
export function runCommand(main: () => Promise<void>): void {
  // Stops the AWS SDK from printing which Node version it will require, in the middle of a dialogue.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  run(main).catch((error) => {
    // The message of any other error may quote what was sent, so only its place is printed.
    const where = error instanceof Error ? (error.stack ?? '').replace(error.message, '') : '';
    console.error(error instanceof CommandError ? `\n${error.message}` : `Unexpected error: ${where}`);
    process.exitCode = 1;
  });
}

async function run(main: () => Promise<void>): Promise<void> {
  const problem = environmentProblem(process.env);
  if (problem) throw new CommandError(problem);
  await main();
}
