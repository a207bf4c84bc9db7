import { type MemoryFile, type ToolEnvironment, ToolError } from "#runtime/tools/index.ts";
import { findPlace } from "#tools/files/find-place.ts";
import { byKindAndName, type ListedEntry, type Listing, listDirectory } from "#tools/files/list-directory.ts";

/** Lists a directory of the workspace, with the documents of the memory that look like files of it. */
export async function listWithMemory(environment: ToolEnvironment, path: string): Promise<Listing> {
  const remembered = await environment.memoryFiles.list(path);
  const place = await findPlace(environment, path);
  if (remembered.length === 0) return listDirectory(place.root, place.path);
  const { entries, isCut } = await listDirectory(place.root, place.path).catch(toNothing);
  const depth = path.split("/").filter((name) => name !== "" && name !== ".").length;
  const shown = [...entries, ...remembered.map((file) => toEntry(file, depth))];
  return { entries: [...new Map(shown.map((entry) => [entry.name, entry])).values()].toSorted(byKindAndName), isCut };
}

/** Returns the file, or the directory that holds it, in a directory of this depth. */
function toEntry({ path, size }: MemoryFile, depth: number): ListedEntry {
  const [name = "", ...rest] = path.split("/").slice(depth);
  return rest.length > 0 ? { name, isDirectory: true, size: undefined } : { name, isDirectory: false, size };
}

/** A directory of the memory need not be one of the workspace. */
function toNothing(thrown: unknown): Listing {
  if (thrown instanceof ToolError) return { entries: [], isCut: false };
  throw thrown;
}
