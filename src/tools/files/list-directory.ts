import type { Dirent } from "node:fs";
import { opendir } from "node:fs/promises";
import { join } from "node:path";
import { LIMITS } from "#base/limits.ts";
import { isDeniedName, lookAt, missingFile, parseRelativePath, resolveDirectory } from "#runtime/tools/index.ts";

export interface ListedEntry {
  readonly name: string;
  readonly isDirectory: boolean;
  /** In bytes. Undefined for a directory, and for an entry that is not a plain file. */
  readonly size: number | undefined;
}

export interface Listing {
  /** Directories first, each kind by name. */
  readonly entries: readonly ListedEntry[];
  /** True if the directory has more entries than were read. */
  readonly isCut: boolean;
}

/**
 * Lists a directory of the workspace. A workspace that does not exist yet is empty. Throws `ToolError` if the path is
 * missing or not allowed.
 */
export async function listDirectory(root: string, path: string): Promise<Listing> {
  const names = parseRelativePath(path);
  const directory = await resolveDirectory(root, names, path, { make: false });
  if (directory === undefined) {
    if (names.length > 0) throw missingFile(path);
    return { entries: [], isCut: false };
  }
  const { found, isCut } = await readEntries(directory);
  const entries = await Promise.all(found.map((entry) => describe(directory, entry)));
  return { entries: entries.toSorted(byKindAndName), isCut };
}

export const byKindAndName = (a: ListedEntry, b: ListedEntry): number =>
  Number(b.isDirectory) - Number(a.isDirectory) || (a.name < b.name ? -1 : 1);

async function readEntries(directory: string) {
  const found: Dirent[] = [];
  for await (const entry of await opendir(directory)) {
    if (isDeniedName(entry.name)) continue;
    if (found.length === LIMITS.listedFiles) return { found, isCut: true };
    found.push(entry);
  }
  return { found, isCut: false };
}

async function describe(directory: string, entry: Dirent): Promise<ListedEntry> {
  const { name } = entry;
  const stats = entry.isFile() ? await lookAt(join(directory, name)) : undefined;
  return {
    name,
    isDirectory: entry.isDirectory(),
    size: stats?.isFile() && stats.nlink === 1 ? stats.size : undefined,
  };
}
