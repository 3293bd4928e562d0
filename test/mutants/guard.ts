/** A place in lambda/ that keeps a promise, and how the code reads without it. */
export interface Guard {
  /** A file of lambda/, from the root. */
  readonly file: string;
  /** What stands there, found exactly once in the file. */
  readonly text: string;
  /** What stands there instead in the mutant, which is still TypeScript. */
  readonly becomes: string;
  /** What the guard sees to, in a few words. */
  readonly what: string;
  /** What would be broken: an invariant or a heading of docs/design.md, or a section of the contract. */
  readonly promise: string;
  /** The test files that should notice, the smallest that can. */
  readonly tests: readonly string[];
  /** A part of the names of those tests that should, where the whole file takes long. */
  readonly within?: string;
  /** Why no test notices; only for one that none can. */
  readonly survives?: string;
}

/** The guards of a file, which the same tests should notice unless one says otherwise. */
export const guardsOf = (
  file: string,
  tests: readonly string[],
  guards: readonly (Omit<Guard, 'file' | 'tests'> & { readonly tests?: readonly string[] })[],
): Guard[] => guards.map((guard) => ({ file, tests, ...guard }));

/**
 * The file without the guard.
 * @throws Error when the guard's text is not found in it exactly once.
 */
export function withoutGuard({ file, text, becomes }: Guard, source: string): string {
  const [before, after, ...more] = source.split(text);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`${file} has not exactly once: ${text}`);
  return before + becomes + after;
}
