import { constants, existsSync, type Stats } from "node:fs";
import { type FileHandle, mkdir, open, realpath } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "#db/errors.ts";
import { findName, lookAt, ToolError } from "#runtime/tools/index.ts";

const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
// NONBLOCK, because opening a named pipe would otherwise wait for its other end.
const FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const HAS_PROC = existsSync("/proc/self/fd");

/**
 * An open directory of a workspace. What it does happens in this very directory, even if somebody replaces a part of its
 * path by a link meanwhile. Close it after use.
 */
export class WorkspaceDirectory {
  readonly #handle: FileHandle;
  readonly #path: string;

  private constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  /** Opens the directory at some names below `root`. Links are not followed. Undefined if there is none. */
  static async open(
    root: string,
    names: readonly string[],
    { make = false }: { readonly make?: boolean } = {},
  ): Promise<WorkspaceDirectory | undefined> {
    if (make) await mkdir(root, { recursive: true, mode: 0o700 });
    const real = await realpath(root).catch(ignoreAbsent);
    let directory = real === undefined ? undefined : await WorkspaceDirectory.#openAt(real);
    for (const name of names) {
      const child = await directory?.openDirectory(name, { make });
      await directory?.close();
      directory = child;
    }
    return directory;
  }

  static async #openAt(path: string): Promise<WorkspaceDirectory | undefined> {
    const handle = await open(path, DIRECTORY).catch(ignoreAbsent);
    return handle && new WorkspaceDirectory(handle, path);
  }

  /** Returns the path of an entry, whether it exists or not. Valid until the directory is closed. */
  pathOf(name: string): string {
    // Linux finds the entry by the open directory. Other systems resolve the path once more, which a swap can deceive.
    return join(HAS_PROC ? `/proc/self/fd/${this.#handle.fd}` : this.#path, name);
  }

  /** Returns the path of the entry that a name means. An entry to create has its name in NFC. */
  async locate(name: string): Promise<string | undefined> {
    return findName(this.pathOf("."), name, name).then((found) => this.pathOf(found), ignoreAmbiguous);
  }

  async openDirectory(
    name: string,
    { make = false }: { readonly make?: boolean } = {},
  ): Promise<WorkspaceDirectory | undefined> {
    const path = await this.locate(name);
    if (path === undefined) return undefined;
    if (make) await mkdir(path, { mode: 0o700 }).catch(ignoreExisting);
    return WorkspaceDirectory.#openAt(path);
  }

  /** Opens a plain file. Undefined for anything else, and for a file with several names, which may lie elsewhere too. */
  async openFile(name: string): Promise<{ readonly file: FileHandle; readonly stats: Stats } | undefined> {
    const path = await this.locate(name);
    // A device may act on being opened, so its kind is checked before.
    const found = path && (await lookAt(path));
    if (!path || !found || !isPlain(found)) return undefined;
    const file = await open(path, FILE).catch(ignoreAbsent);
    if (!file) return undefined;
    const stats = await file.stat();
    if (isPlain(stats)) return { file, stats };
    await file.close();
    return undefined;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

const isPlain = (stats: Stats) => stats.isFile() && stats.nlink === 1;

const ABSENT = ["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG", "ENXIO"];

/** Returns whether an operation failed because nothing is at a path any more. */
export const isAbsent = (thrown: unknown): boolean => ABSENT.includes(codeOf(thrown) ?? "");

function ignoreAbsent(thrown: unknown): undefined {
  if (!isAbsent(thrown)) throw thrown;
  return undefined;
}

function ignoreAmbiguous(thrown: unknown): undefined {
  if (!(thrown instanceof ToolError)) throw thrown;
  return undefined;
}

function ignoreExisting(thrown: unknown): void {
  if (codeOf(thrown) !== "EEXIST") throw thrown;
}
