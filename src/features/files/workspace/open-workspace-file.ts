import { type FileContent, toFileContent } from "#base/file-content.ts";
import { WorkspaceDirectory } from "#features/files/workspace/workspace-directory.ts";

/** Opens a plain file below `root`. Returns undefined if there is none. */
export async function openWorkspaceFile(root: string, names: readonly string[]): Promise<FileContent | undefined> {
  const name = names.at(-1);
  if (name === undefined) return undefined;
  const directory = await WorkspaceDirectory.open(root, names.slice(0, -1));
  try {
    const opened = await directory?.openFile(name);
    if (!opened) return undefined;
    const { file, stats } = opened;
    const { size, mtime, mtimeMs, ctimeMs, ino } = stats;
    const tag = [size, mtimeMs * 1_000, ctimeMs * 1_000, ino].map((part) => Math.floor(part).toString(36)).join("-");
    return toFileContent(file, { size, modifiedAt: mtime, tag });
  } finally {
    await directory?.close();
  }
}
