import { KeysError } from './keys-error';
import { withSourceLocation } from './source-locations';

/** The fields of an error for the log. The message of a library's error is left out, because it can contain secrets. */
export function describeError(error: unknown): Record<string, unknown> {
  if (error instanceof KeysError) return { error: error.name, ...error.details };
  if (!(error instanceof Error)) return { error: typeof error };
  const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  return {
    error: error.name,
    ...(typeof code === 'string' && { errorCode: code }),
    ...($metadata?.httpStatusCode !== undefined && { status: $metadata.httpStatusCode }),
  };
}

/** Up to eight frames of an error's stack, with locations in the sources. The message is left out. */
export function stackOf(error: unknown): string[] {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  const frames = lines.filter((line) => /^\s+at /.test(line));
  return frames.slice(0, 8).map((line) => withSourceLocation(line.trim()));
}
