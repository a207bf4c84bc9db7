import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Attachment } from "#mcp/index.ts";
import { resolveDirectory } from "#runtime/tools/index.ts";

const FOLDER = "mcp";
const HASH_CHARS = 16;
const EXTENSIONS: Readonly<Record<string, string>> = {
  ...{ "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", "image/svg+xml": "svg" },
  ...{ "audio/mpeg": "mp3", "audio/wav": "wav", "audio/ogg": "ogg", "application/pdf": "pdf" },
  ...{ "application/json": "json", "text/plain": "txt", "text/csv": "csv", "text/html": "html" },
};

/**
 * Saves an image or file of a server in the agent's workspace, as `mcp/<server>/<hash>.<kind>`. Equal bytes have one
 * file. Returns its path relative to the workspace.
 */
export async function saveAttachment(
  workspace: string,
  serverName: string,
  { bytes, type }: Attachment,
): Promise<string> {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, HASH_CHARS);
  const kind = type.split(";")[0]?.trim().toLowerCase() ?? "";
  const names = [FOLDER, serverName];
  const name = `${hash}.${EXTENSIONS[kind] ?? "bin"}`;
  const path = [...names, name].join("/");
  const directory = await resolveDirectory(workspace, names, path, { make: true });
  if (directory === undefined) throw new Error("a directory that was just made is missing");
  await writeFile(join(directory, name), bytes, { flag: "wx", mode: 0o600 }).catch((thrown: unknown) => {
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST")) throw thrown;
  });
  return path;
}
