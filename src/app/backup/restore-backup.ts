import { Database } from "bun:sqlite";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { BrokenArchive, extractArchive } from "#app/backup/extract-archive.ts";
import { isOfBackup } from "#app/backup/home-files.ts";
import { CHECKSUMS } from "#app/backup/write-archive.ts";
import { DATABASE_FILE, homeUnusable } from "#app/home/home.ts";
import { lockHome } from "#app/home/lock-home.ts";
import { StartError } from "#app/start-error.ts";
import { syncDirectory } from "#base/files/write-file.ts";
import { randomHex } from "#base/random-hex.ts";
import { codeOf } from "#db/errors.ts";

export interface RestoreOptions {
  readonly home: string;
  /** The path of an archive of `createBackup`. */
  readonly file: string;
  /** True if what the home holds may be moved aside. */
  readonly mayReplace: boolean;
}

/** What a restore did. `kept` is the directory with what the home held before, if there was anything. */
export interface Restored {
  readonly hasDatabase: boolean;
  readonly kept: string | undefined;
}

const PRIVATE_DIRECTORY = 0o700;
/** What an empty home may hold: hidden files, those of the lock, and the directory of a file system for lost files. */
const NOT_OF_HOME = /^(?:\.|lock\.db|lost\+found$)/;

/**
 * Fills a home from a backup. First checks the whole archive and the database in it. Nothing of the home is deleted.
 * Throws `StartError` if the gateway runs, the archive is broken, or the home is not empty and may not be replaced.
 */
export async function restoreBackup({ home, file, mayReplace }: RestoreOptions): Promise<Restored> {
  const archive = resolve(file);
  if (!existsSync(archive)) throw new StartError(`There is no backup ${archive}: check its path.`);
  try {
    mkdirSync(home, { recursive: true, mode: PRIVATE_DIRECTORY });
  } catch (thrown) {
    throw homeUnusable(home, thrown);
  }
  const before = readdirSync(home).filter((name) => !NOT_OF_HOME.test(name));
  if (before.length > 0 && !mayReplace) throw notEmpty(home);
  const lock = lockHome({ path: home });
  const draft = join(home, `.restoring-${randomHex(4)}`);
  try {
    mkdirSync(draft, { mode: PRIVATE_DIRECTORY });
    await extractArchive(archive, draft, isOfBackup);
    rmSync(join(draft, CHECKSUMS));
    const hasDatabase = existsSync(join(draft, DATABASE_FILE));
    if (hasDatabase) requireWhole(join(draft, DATABASE_FILE));
    const kept = before.length === 0 ? undefined : moveAll(home, before, join(home, `before-restore-${randomHex(4)}`));
    moveAll(draft, readdirSync(draft), home);
    syncDirectory(home);
    return { hasDatabase, kept };
  } catch (thrown) {
    throw toRestoreError(thrown, archive);
  } finally {
    rmSync(draft, { recursive: true, force: true });
    lock.release();
  }
}

/** Moves the named entries of one directory to another. Returns the other. */
function moveAll(from: string, names: readonly string[], to: string): string {
  mkdirSync(to, { recursive: true, mode: PRIVATE_DIRECTORY });
  for (const name of names) renameSync(join(from, name), join(to, name));
  return to;
}

/** Throws unless all pages of the database are sound. */
function requireWhole(path: string): void {
  const database = new Database(path, { readonly: true });
  try {
    const answer = database.query<{ integrity_check: string }, []>("PRAGMA integrity_check(1)").get();
    if (answer?.integrity_check !== "ok") throw new BrokenArchive("its database is damaged");
  } finally {
    database.close();
  }
}

const notEmpty = (home: string) =>
  new StartError(
    `The home directory ${home} is not empty: set GOCLAW_HOME to another, or add --replace to move aside what is in it.`,
  );

function toRestoreError(thrown: unknown, archive: string): unknown {
  if (thrown instanceof BrokenArchive || codeOf(thrown).startsWith("SQLITE_")) {
    return new StartError(`${archive} is no whole backup of goclaw: use another one. The home is unchanged.`, {
      cause: thrown,
    });
  }
  if (codeOf(thrown) === "") return thrown;
  return new StartError(`The backup could not be restored (${codeOf(thrown)}): check that the home has space.`, {
    cause: thrown,
  });
}
