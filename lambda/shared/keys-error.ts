type Details = Readonly<Record<string, string | number | undefined>>;

/**
 * An error of this service. It has the fields for the log; `http/public-errors.ts` has the code and message for the
 * caller.
 */
export abstract class KeysError extends Error {
  // A literal in each class, because the minifier of the bundle renames classes.
  abstract override readonly name: string;
  /** Fields of the log line: never a secret, token, digest or text from a library. */
  readonly details: Details;

  constructor(details: Details = {}) {
    // Expected errors become responses. Their stack is not logged, and collecting it takes time.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super();
    Error.stackTraceLimit = stackTraceLimit;
    this.details = details;
  }
}

/** An error with a reason for the log, which the caller does not see. */
export abstract class ReasonedError extends KeysError {
  constructor(reason: string) {
    super({ reason });
  }
}
