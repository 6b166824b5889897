/** The part of dynalite that `emulators.ts` uses. The package ships no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** Where LevelDB keeps the tables; in memory without it. */
    readonly path?: string;
    readonly createTableMs?: number;
  }

  /** Closing the server closes the database. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
