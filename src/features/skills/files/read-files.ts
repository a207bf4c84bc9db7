import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { invalidField, notFound } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import type { SkillFile } from "#features/skills/archive/unpack-archive.ts";
import { getAnyVersion } from "#features/skills/files/open-version.ts";
import type { SkillFileEntry } from "#features/skills/schema.ts";

interface FilesInput {
  readonly id: string;
  readonly version?: number | undefined;
}

/** Returns the files and folders of a version, each folder before what lies in it. */
export async function listSkillFiles(ctx: Context, input: FilesInput): Promise<SkillFileEntry[]> {
  return toEntries((await getAnyVersion(ctx, input)).files);
}

function toEntries(files: readonly SkillFile[]): SkillFileEntry[] {
  const folders = files.flatMap(({ path }) => {
    const parts = path.split("/");
    return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
  });
  const entries = [
    ...[...new Set(folders)].map((path) => ({ path, name: basename(path), isDir: true, size: 0 })),
    ...files.map(({ path, size }) => ({ path, name: basename(path), isDir: false, size })),
  ];
  return entries.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

/** A folder's slash sorts before every other character of a name, so that its files follow it. */
const sortKey = ({ path }: SkillFileEntry): string => path.replaceAll("/", "\0");

/**
 * Returns the content of a file of a version: as text if it is UTF-8, else as base64. Throws 400 for a path that leaves
 * the skill, and `NOT_FOUND`.
 */
export async function readSkillFile(ctx: Context, { path, ...input }: FilesInput & { readonly path: string }) {
  if (path.startsWith("/") || path.split(/[/\\]/).includes("..")) throw invalidField("path", "it leaves the skill");
  const version = await getAnyVersion(ctx, input);
  // Only what the archive held is read, whatever else lies in the folder.
  const wanted = path.normalize("NFC");
  const known =
    version.files.find((file) => file.path === path) ??
    version.files.find((file) => file.path.normalize("NFC") === wanted);
  if (!known) throw notFound("file", path);
  if (known.size > LIMITS.workspaceFile) throw invalidField("path", `at most ${LIMITS.workspaceFile} bytes are shown`);
  const bytes = await readFile(join(await version.open(), known.path));
  return { ...toContent(bytes), path: known.path, size: known.size };
}

function toContent(bytes: Uint8Array) {
  try {
    const content = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { content, encoding: "utf-8" as const };
  } catch {
    return { content: Buffer.from(bytes).toString("base64"), encoding: "base64" as const };
  }
}
