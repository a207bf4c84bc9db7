import { Database, SQLiteError } from "bun:sqlite";
import { join } from "node:path";
import type { Home } from "#app/home/home.ts";
import { StartError } from "#app/start-error.ts";

export interface HomeLock {
  release(): void;
}

/** Another process has locked the home. */
export class HomeInUse extends StartError {}

/**
 * Locks the home for this process. The operating system holds the lock, so even a crash of the process releases it.
 * Throws `HomeInUse` if another process has locked the home. Throws `StartError` if the lock file is unusable.
 */
export function lockHome({ path }: Pick<Home, "path">): HomeLock {
  const database = openLock(path);
  try {
    database.run("PRAGMA locking_mode = EXCLUSIVE");
    database.run("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (error instanceof SQLiteError && error.code === "SQLITE_BUSY") {
      throw new HomeInUse(
        `Another gateway runs with the home directory ${path}: stop it, or set GOCLAW_HOME to another.`,
      );
    }
    throw notLockable(path, error);
  }
  return { release: () => database.close() };
}

function openLock(path: string): Database {
  try {
    return new Database(join(path, "lock.db"));
  } catch (error) {
    throw notLockable(path, error);
  }
}

const notLockable = (path: string, cause: unknown) =>
  new StartError(`The home directory ${path} cannot be locked: check that its lock.db is writable, or delete it.`, {
    cause,
  });
