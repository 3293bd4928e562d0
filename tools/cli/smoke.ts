import { readArguments, UsageError, usage } from './smoke/arguments';
import { conceal } from './smoke/check-failed';
import { runChecks } from './smoke/run-checks';

/** @returns the exit code: 0 all checks passed, 1 a check failed, 2 invalid command line, 130 interrupted. */
async function main(): Promise<number> {
  const { base, session, scopes } = readArguments(process.argv.slice(2), process.env);
  const stop = new AbortController();
  // A running call is not aborted: it could create a key after the clean-up.
  const onSignal = () => {
    // On Ctrl-C the terminal and npm both send a signal.
    if (!stop.signal.aborted) console.error('Stopping after this check and cleaning up.');
    stop.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const passed = await runChecks({ base, session, scopes, stop: stop.signal, print: console });
  if (passed) return 0;
  return stop.signal.aborted ? 130 : 1;
}

function failed(error: unknown): number {
  if (error instanceof UsageError) {
    console.error(`${error.message}\n\n${usage()}`);
    return 2;
  }
  console.error(conceal(String((error as Error).stack)));
  return 1;
}

main()
  .catch(failed)
  .then((code) => {
    process.exitCode = code;
  });
