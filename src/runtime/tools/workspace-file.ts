import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, open, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { randomHex } from "#base/ids.ts";
import { ToolError } from "#runtime/tools/define-tool.ts";

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const APPEND =
  constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Replaces a file of the workspace as a whole: readers see the old or the new one, also after a crash. */
export async function replaceWorkspaceFile(root: string, path: string, content: string): Promise<void> {
  const target = await prepareTarget(root, path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomHex(8)}.tmp`);
  const file = await open(temporary, NEW_FILE, 0o600);
  try {
    await writeDurably(file, content);
    await rename(temporary, target);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}

/** Adds to the end of a file of the workspace, made when missing. */
export async function appendWorkspaceFile(root: string, path: string, content: string): Promise<void> {
  const target = await prepareTarget(root, path);
  const file = await open(target, APPEND, 0o600);
  const { nlink } = await file.stat();
  if (nlink !== 1) {
    await file.close();
    throw outside(path);
  }
  await writeDurably(file, content);
}

async function writeDurably(file: FileHandle, content: string): Promise<void> {
  try {
    await file.writeFile(content, "utf8");
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * The place of a relative path below `root`, with its directories made. Refuses every way out: absolute paths, `..`,
 * symbolic links in any component, and files that are not regular or have a second name elsewhere.
 */
async function prepareTarget(root: string, path: string): Promise<string> {
  const names = parseRelativePath(path);
  await mkdir(root, { recursive: true, mode: 0o700 });
  const base = await realpath(root);
  let directory = base;
  for (const name of names.slice(0, -1)) {
    directory = join(directory, name);
    await mkdir(directory, { mode: 0o700 }).catch(ignoreExisting);
    const found = await lstat(directory);
    if (!found.isDirectory()) throw outside(path);
  }
  if (directory !== base && !(await realpath(directory)).startsWith(base + sep)) throw outside(path);
  const target = join(directory, names.at(-1) ?? "");
  const found = await lstat(target).catch(() => undefined);
  if (found && !(found.isFile() && found.nlink === 1)) throw outside(path);
  return target;
}

const MAX_DEPTH = 20;
const MAX_NAME_BYTES = 200;

function parseRelativePath(path: string): readonly string[] {
  const names = path.split("/").filter((name, index) => !(name === "." || (name === "" && index > 0)));
  const isBad = (name: string) =>
    name === "" || name === ".." || /[\0\\]/.test(name) || Buffer.byteLength(name) > MAX_NAME_BYTES;
  if (names.length === 0 || names.length > MAX_DEPTH || path.endsWith("/") || names.some(isBad)) throw outside(path);
  return names;
}

const outside = (path: string) =>
  new ToolError(`Cannot write ${path.slice(0, 200)}: use a relative path to a plain file inside the workspace.`);

function ignoreExisting(thrown: unknown): void {
  if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
}
