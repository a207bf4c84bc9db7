import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { resolveDirectory } from "#runtime/tools/index.ts";

const FOLDER = "inbox";
const HASH_CHARS = 8;
const NAME_CHARS = 100;

/** Saves a file and resolves to its path relative to the workspace. */
export type SaveFile = (name: string, bytes: Uint8Array) => Promise<string>;

/** Creates the function that saves files in the folder `inbox` of a workspace. Equal files have one place. */
export const createSaveFile =
  (workspace: string): SaveFile =>
  async (name, bytes) => {
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, HASH_CHARS);
    const file = `${hash}-${name}`;
    const path = `${FOLDER}/${file}`;
    const directory = await resolveDirectory(workspace, [FOLDER], path, { make: true });
    if (directory === undefined) throw new Error("a directory that was just made is missing");
    await writeFile(join(directory, file), bytes, { flag: "wx", mode: 0o600 }).catch((thrown: unknown) => {
      if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST")) throw thrown;
    });
    return path;
  };

/** Returns a name without anything that leaves its folder or its line. The end, which tells the type, stays. */
export const toSafeName = (name: string): string =>
  name
    .normalize("NFC")
    .replaceAll(/[\p{Cc}\p{Cf}/\\:*?"<>|[\]]/gu, "_")
    .replace(/^\.+/, "_")
    .slice(-NAME_CHARS) || "file";
