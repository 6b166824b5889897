import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { toError } from '#contract/to-error.ts';
import type { Release } from '../releases.ts';
import { StartError } from '../start-error.ts';

/**
 * Makes the directory if need be (its parent must exist), for this process alone. Two gateways on the same files would end in an
 * error that dynalite throws where nobody can catch it. The lock is the operating system's, held through
 * an SQLite transaction: it is gone with the process, however that ends.
 */
export function occupyDirectory(directory: string): Release {
  try {
    // Not recursive: that never returns where a file system refuses to create anything.
    if (!existsSync(directory)) mkdirSync(directory);
    const lock = new DatabaseSync(join(directory, 'lock'));
    lock.exec('BEGIN EXCLUSIVE');
    return () => lock.close();
  } catch (cause) {
    const why = toError(cause).message;
    throw new StartError(
      why === 'database is locked'
        ? `${directory} is in use by another local gateway`
        : `cannot keep data in ${directory}: ${why}`,
      { cause },
    );
  }
}
