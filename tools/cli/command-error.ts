/** Stops a command. The message says what to do. */
export class CommandError extends Error {}
