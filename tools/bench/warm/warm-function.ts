import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DeployedFunction } from '../deployed-function';
import { startProcess } from '../own-process';
import type { Batch, BatchResult } from './worker';

/** A function in a process of its own that is called in batches. */
export interface WarmFunction {
  /** @param batch whose export is the function's handler unless it names another. */
  run(batch: Omit<Batch, 'exported'> & { exported?: string }): Promise<BatchResult>;
  close(): Promise<void>;
}

/** @param variables override the function's environment, for example with the endpoints of the stand-ins. */
export async function startWarm(
  { directory, file, exported, environment }: DeployedFunction,
  variables: Readonly<Record<string, string>>,
): Promise<WarmFunction> {
  const url = pathToFileURL(join(directory, file)).href;
  const all = { ...environment, AWS_LAMBDA_FUNCTION_NAME: 'function', ...variables };
  const worker = await startProcess('warm/worker.ts', { url }, all);
  return {
    run: async (batch) => (await worker.ask({ exported, ...batch })) as BatchResult,
    close: worker.close,
  };
}
