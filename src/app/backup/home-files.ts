import { lstatSync, readdirSync } from "node:fs";
import { join, sep } from "node:path";
import type { ArchivedFile } from "#app/backup/write-archive.ts";
import { DATABASE_FILE } from "#app/home/home.ts";

/** What a backup holds of a home besides its database. The rest can be made again, or belongs to a running process. */
const KEPT = ["config.json", "node-id", "secrets", "workspace", "media", "skills"];

/** Returns true for the paths that a backup may hold. */
export const isOfBackup = (path: string): boolean =>
  path === DATABASE_FILE || KEPT.some((name) => path === name || path.startsWith(`${name}/`));

/** Yields the files of a home for its backup. Links are left out, because they lead to what is not in it. */
export function* listHomeFiles(home: string): Generator<ArchivedFile> {
  for (const name of KEPT) yield* listFiles(home, name);
}

function* listFiles(home: string, path: string): Generator<ArchivedFile> {
  const source = join(home, ...path.split("/"));
  const found = lstatSync(source, { throwIfNoEntry: false });
  if (found?.isFile()) yield { source, path };
  if (!found?.isDirectory()) return;
  for (const name of readdirSync(source)) if (!name.includes(sep)) yield* listFiles(home, `${path}/${name}`);
}
