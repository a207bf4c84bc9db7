import { readdir } from "node:fs/promises";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import type { FileListing, ListFilesInput } from "#features/files/schema.ts";
import { isJunk, isProtected } from "#features/files/workspace/own-names.ts";
import { fileNotFound, parseWorkspacePath } from "#features/files/workspace/parse-workspace-path.ts";
import { findShown, isShown, type Shown } from "#features/files/workspace/reach.ts";
import { WorkspaceDirectory } from "#features/files/workspace/workspace-directory.ts";
import { workspaceRoot } from "#features/files/workspace/workspace-root.ts";
import { lookAt } from "#runtime/tools/index.ts";

/** Lists the directories and plain files that the caller reaches. Links are left out. */
export async function listFiles(ctx: Context, { path, depth }: ListFilesInput): Promise<FileListing> {
  const names = parseWorkspacePath(path);
  const shown = await findShown(ctx);
  if (!isShown(shown, names) && names.length > 0) throw fileNotFound(path);
  const directory = await WorkspaceDirectory.open(ctx.use(workspaceRoot)(ctx.tenantId), names);
  if (!directory) {
    if (names.length > 0) throw fileNotFound(path);
    return { files: [], baseDir: "" };
  }
  const listing = new Listing(shown);
  await listing.add(directory, names, depth);
  const { files } = listing;
  return { files, baseDir: "", ...(listing.isFull && { truncated: true }) };
}

class Listing {
  readonly files: FileListing["files"] = [];
  isFull = false;
  readonly #shown: Shown;

  constructor(shown: Shown) {
    this.#shown = shown;
  }

  /** Adds what is in a directory, and closes it. */
  async add(directory: WorkspaceDirectory, names: readonly string[], depth: number): Promise<void> {
    try {
      for (const name of await this.#namesIn(directory, names)) {
        if (this.isFull) return;
        await this.#addEntry(directory, [...names, name], depth);
      }
    } finally {
      await directory.close();
    }
  }

  async #addEntry(directory: WorkspaceDirectory, names: readonly string[], depth: number): Promise<void> {
    const name = names.at(-1) ?? "";
    const stats = await lookAt(directory.pathOf(name));
    if (!stats?.isDirectory() && !stats?.isFile()) return;
    if (this.files.length >= LIMITS.listedWorkspaceFiles) {
      this.isFull = true;
      return;
    }
    const isDir = stats.isDirectory();
    const facts = { path: names.join("/"), name, isDir, size: isDir ? 0 : stats.size, protected: isProtected(names) };
    const child = isDir ? await directory.openDirectory(name) : undefined;
    if (!child) {
      this.files.push(facts);
    } else if (depth > 1) {
      this.files.push(facts);
      await this.add(child, names, depth - 1);
    } else {
      const hasChildren = (await this.#namesIn(child, names)).length > 0;
      await child.close();
      this.files.push({ ...facts, ...(hasChildren && { hasChildren }) });
    }
  }

  async #namesIn(directory: WorkspaceDirectory, names: readonly string[]): Promise<readonly string[]> {
    const found = await readdir(directory.pathOf("."));
    return found.filter((name) => !isJunk(name) && isShown(this.#shown, [...names, name])).sort();
  }
}
