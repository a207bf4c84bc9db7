import { Database } from "bun:sqlite";
import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { listHomeFiles } from "#app/backup/home-files.ts";
import { type ArchivedFile, writeArchive } from "#app/backup/write-archive.ts";
import { DATABASE_FILE } from "#app/home/home.ts";
import { StartError } from "#app/start-error.ts";
import { syncDirectory } from "#base/files/write-file.ts";
import { codeOf } from "#db/errors.ts";

export interface BackupOptions {
  /** The path of the home. */
  readonly home: string;
  /** The path of the archive. An older file of this name is replaced when the new one is complete. */
  readonly file: string;
  /** True if the database is in the home. */
  readonly hasDatabase: boolean;
}

/**
 * Writes a home into one archive, also while its gateway works. The database comes first: the files to which its rows
 * refer are older than the rows. Returns the number of files. Throws `StartError` if the archive cannot be written.
 */
export async function createBackup({ home, file, hasDatabase }: BackupOptions): Promise<number> {
  const archive = resolve(file);
  let draft: string | undefined;
  try {
    // A directory that only this user can read, on the same disk as the archive.
    draft = mkdtempSync(join(dirname(archive), ".goclaw-backup-"));
    const database = join(draft, DATABASE_FILE);
    if (hasDatabase && existsSync(join(home, DATABASE_FILE))) copyDatabase(join(home, DATABASE_FILE), database);
    const written = join(draft, basename(archive));
    const count = await writeArchive(written, listAll(home, database));
    renameSync(written, archive);
    syncDirectory(dirname(archive));
    return count;
  } catch (thrown) {
    if (codeOf(thrown) === "") throw thrown;
    throw new StartError(
      `The backup could not be written to ${archive} (${codeOf(thrown)}): check that its directory exists, is writable and has space.`,
      { cause: thrown },
    );
  } finally {
    if (draft) rmSync(draft, { recursive: true, force: true });
  }
}

function* listAll(home: string, database: string): Generator<ArchivedFile> {
  if (existsSync(database)) yield { source: database, path: DATABASE_FILE };
  yield* listHomeFiles(home);
}

/** Writes one state of the database, in which every commit is whole or absent. Writers go on meanwhile. */
function copyDatabase(path: string, copy: string): void {
  const database = new Database(path, { readwrite: true, create: false });
  try {
    database.run("PRAGMA busy_timeout = 10000");
    database.query("VACUUM INTO ?").run(copy);
  } finally {
    database.close();
  }
}
