// The parts of https://github.com/architect/dynalite that are used here; the package has no types.

declare module 'dynalite' {
  import type { Server } from 'node:http';

  export default function dynalite(options?: {
    /** How long a table stays in CREATING, in ms. */
    createTableMs?: number;
    /** How long a table stays in DELETING, in ms. */
    deleteTableMs?: number;
    /** The folder to store the tables in; in memory without it. */
    path?: string;
    /** Not an option of dynalite: for its patch in dynalite-server.ts, which finds it in the store. */
    onWrite?: import('./dynalite-server').OnWrite | undefined;
  }): Server;
}

declare module 'dynalite/db' {
  const database: {
    /** @returns the error of a condition that does not hold. */
    checkConditional(
      request: Readonly<Record<string, unknown>>,
      stored: unknown,
    ): { body: Record<string, unknown> } | null | undefined;
    /** Called with the item before and after each write, while the item is locked. */
    updateIndexes(
      store: { readonly options: { readonly onWrite?: import('./dynalite-server').OnWrite } },
      table: { readonly TableName: string },
      before: import('./dynalite-server').StoredItem | null | undefined,
      after: import('./dynalite-server').StoredItem | null | undefined,
      done: (error?: unknown) => void,
    ): void;
  };
  export default database;
}

declare module 'dynalite/validations/putItem' {
  const validation: { types: Record<string, { type: string; enum: string[] }> };
  export default validation;
}

declare module 'dynalite/validations/updateItem' {
  const validation: { types: Record<string, { type: string; enum: string[] }> };
  export default validation;
}
