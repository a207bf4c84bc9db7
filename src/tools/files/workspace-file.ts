import { constants, existsSync } from "node:fs";
import { type FileHandle, lstat, open, readlink, realpath, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LIMITS } from "#base/limits.ts";
import { randomHex } from "#base/random-hex.ts";
import {
  findName,
  lookAt,
  missingFile,
  outsideWorkspace,
  parseRelativePath,
  resolveDirectory,
  shorten,
  ToolError,
} from "#runtime/tools/index.ts";

// NONBLOCK, because opening a named pipe would otherwise wait for its other end.
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const APPEND =
  constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Reads a file of the workspace. Throws `ToolError` if it is missing, too large or not allowed. */
export async function readWorkspaceFile(
  root: string,
  path: string,
  maxBytes: number = LIMITS.workspaceFile,
): Promise<Buffer> {
  const names = parseRelativePath(path);
  const directory = await resolveDirectory(root, names.slice(0, -1), path, { make: false });
  if (directory === undefined) throw missingFile(path);
  const target = join(directory, await findName(directory, names.at(-1) ?? "", path));
  const found = await lookAt(target);
  if (found === undefined) throw missingFile(path);
  if (found.isDirectory()) throw isDirectory(path);
  if (!found.isFile() || found.nlink !== 1) throw outsideWorkspace(path);

  const file = await open(target, READ);
  try {
    const { size } = await requireOpened(file, target, path);
    if (size > maxBytes) throw new ToolError(`${shorten(path)} has ${size} bytes: too large to read.`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

const isDirectory = (path: string) => new ToolError(`${shorten(path)} is a directory: use list_files.`);

export const tooLarge = () =>
  new ToolError(`The file would become too large: a file has ${LIMITS.workspaceFile} bytes at most.`);

/** Replaces a file of the workspace atomically. Readers see the old or the new content, even after a crash. */
export async function replaceWorkspaceFile(root: string, path: string, content: string): Promise<void> {
  const target = await prepareTarget(root, path);
  const temporary = join(dirname(target), `.${randomHex(8)}.tmp`);
  const file = await open(temporary, NEW_FILE, 0o600);
  try {
    await writeDurably(file, temporary, path, content);
    await rename(temporary, target);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}

/** Appends to a file of the workspace. Creates it if it is missing. */
export async function appendWorkspaceFile(root: string, path: string, content: string): Promise<void> {
  const target = await prepareTarget(root, path);
  await writeDurably(await open(target, APPEND, 0o600), target, path, content);
}

/** Writes and syncs content. Throws `ToolError` if the file would exceed the size that tools can read. */
async function writeDurably(file: FileHandle, place: string, path: string, content: string): Promise<void> {
  try {
    const { size } = await requireOpened(file, place, path);
    if (size + Buffer.byteLength(content) > LIMITS.workspaceFile) throw tooLarge();
    await file.writeFile(content, "utf8");
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Checks an opened file. A directory may have become a link between the check of the path and the opening. The file
 * must be a plain file with one name, and still be the file at its path.
 */
async function requireOpened(file: FileHandle, place: string, path: string) {
  const [opened, onDisk, real] = await Promise.all([file.stat(), lstat(place), placeOf(file, place)]);
  const isSame = opened.ino === onDisk.ino && opened.dev === onDisk.dev && real === place;
  if (!isSame || !opened.isFile() || opened.nlink !== 1) throw outsideWorkspace(path);
  return opened;
}

/**
 * Returns the real path of an open file. Linux knows it. Other systems resolve the path once more, which a quick swap
 * can deceive.
 */
const placeOf = (file: FileHandle, place: string): Promise<string> =>
  HAS_PROC ? readlink(`/proc/self/fd/${file.fd}`) : realpath(place);

const HAS_PROC = existsSync("/proc/self/fd");

/** Returns the real path of a file to write. Creates its directories. */
async function prepareTarget(root: string, path: string): Promise<string> {
  const names = parseRelativePath(path);
  const name = names.at(-1);
  if (name === undefined || path.endsWith("/")) throw outsideWorkspace(path);
  const directory = await resolveDirectory(root, names.slice(0, -1), path, { make: true });
  if (directory === undefined) throw outsideWorkspace(path);
  const target = join(directory, await findName(directory, name, path));
  const found = await lookAt(target);
  if (found?.isDirectory()) throw isDirectory(path);
  if (found && !(found.isFile() && found.nlink === 1)) throw outsideWorkspace(path);
  return target;
}
