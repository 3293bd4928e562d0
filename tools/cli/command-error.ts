/** Why a command stops, in words that say what to do; nothing was changed when it is thrown. */
export class CommandError extends Error {}
