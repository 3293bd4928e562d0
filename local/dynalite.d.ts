declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** The part of https://github.com/architect/dynalite that is used here; it has no types of its own. */
  export default function dynalite(options?: {
    /** How long a table stays in CREATING, in ms. */
    createTableMs?: number;
    /** The folder to store the tables in; in memory without it. */
    path?: string;
  }): Server;
}
