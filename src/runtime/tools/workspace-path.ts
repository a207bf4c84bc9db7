import type { Stats } from "node:fs";
import { lstat, mkdir, opendir, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { headOf } from "#base/texts/cut-text.ts";
import { ToolError } from "#runtime/tools/define-tool.ts";

/** The gateway's own names in a workspace. No tool reads, writes or lists them. */
const DENIED_NAMES = new Set([".goclaw"]);
const MAX_DEPTH = 20;
const MAX_NAME_BYTES = 200;

export const isDeniedName = (name: string): boolean => DENIED_NAMES.has(name.toLowerCase());

export const outsideWorkspace = (path: string): ToolError =>
  new ToolError(`Cannot use ${shorten(path)}: use a relative path to a plain file or directory inside the workspace.`);

export const missingFile = (path: string): ToolError => new ToolError(`There is no ${shorten(path)} in the workspace.`);

/** Shortens a path for messages, because the model's text may have any length. */
export const shorten = (path: string): string => JSON.stringify(headOf(path, 200));

const severalFit = (path: string, name: string): ToolError =>
  new ToolError(`${shorten(path)}: several names look like ${shorten(name)}. Rename one of them.`);

/**
 * Splits a relative path into its names. Throws `ToolError` if the text shows that it leaves the workspace. The root
 * itself has no names.
 */
export function parseRelativePath(path: string): readonly string[] {
  const names = path.split("/").filter((name, index) => !(name === "." || (name === "" && index > 0)));
  const isBad = (name: string) =>
    name === "" ||
    name === ".." ||
    /[\0\\]/.test(name) ||
    isDeniedName(name) ||
    Buffer.byteLength(name) > MAX_NAME_BYTES;
  if (names.length > MAX_DEPTH || names.some((name) => isBad(name.normalize("NFC")))) throw outsideWorkspace(path);
  return names;
}

/**
 * Returns the real path of a directory below `root`. Each part of it must be a directory itself, so symbolic links are
 * refused wherever they lead. Returns undefined if the directory does not exist. Creates it if `make` is true.
 */
export async function resolveDirectory(
  root: string,
  names: readonly string[],
  path: string,
  { make }: { readonly make: boolean },
): Promise<string | undefined> {
  if (make) await mkdir(root, { recursive: true, mode: 0o700 });
  const base = await realpath(root).catch(ignoreMissing);
  if (base === undefined) return undefined;
  let directory = base;
  for (const name of names) {
    directory = join(directory, await findName(directory, name, path));
    if (make) await mkdir(directory, { mode: 0o700 }).catch(ignoreExisting);
    const found = await lookAt(directory);
    if (found === undefined) return undefined;
    if (found.isFile() && found.nlink === 1)
      throw new ToolError(`${shorten(path)}: ${shorten(name)} is a file, not a directory.`);
    if (!found.isDirectory()) throw outsideWorkspace(path);
  }
  const isInside = directory === base || (await realpath(directory)).startsWith(base + sep);
  if (!isInside) throw outsideWorkspace(path);
  return directory;
}

/**
 * Returns the real path of the directory in which a command of a tool starts. The workspace itself is created. Throws
 * `ToolError` for a path that leaves the workspace, and for a directory that does not exist.
 */
export async function resolveWorkingDirectory(workspace: string, path: string): Promise<string> {
  const names = path === "." || path === "" ? [] : parseRelativePath(path);
  const directory = await resolveDirectory(workspace, names, path, { make: names.length === 0 });
  if (directory === undefined) throw new ToolError(`There is no directory ${shorten(path)} in the workspace.`);
  return directory;
}

/**
 * Returns the name that an entry of a directory has on disk. What is named exactly so precedes what looks the same. The
 * name of an entry to create is in NFC, so no two entries look the same. Throws `ToolError` if several entries fit.
 */
export async function findName(directory: string, name: string, path: string): Promise<string> {
  // A name in ASCII has only one spelling.
  if (isAscii(name) || (await lookAt(join(directory, name)))) return name;
  const wanted = name.normalize("NFC");
  const found: string[] = [];
  for await (const entry of await opendir(directory)) {
    if (entry.name.normalize("NFC") === wanted) found.push(entry.name);
  }
  if (found.length > 1) throw severalFit(path, name);
  return found[0] ?? wanted;
}

const isAscii = (name: string): boolean => Buffer.byteLength(name) === name.length;

/** Returns the stats of a path without following links. Returns undefined if nothing exists there. */
export const lookAt = (place: string): Promise<Stats | undefined> => lstat(place).catch(ignoreMissing);

const MISSING = ["ENOENT", "ENOTDIR", "ENAMETOOLONG"];

function ignoreMissing(thrown: unknown): undefined {
  if (!MISSING.includes((thrown as NodeJS.ErrnoException).code ?? "")) throw thrown;
  return undefined;
}

function ignoreExisting(thrown: unknown): void {
  if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
}
