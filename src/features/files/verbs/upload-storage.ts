import type { z } from "zod";
import { alreadyExists, invalidField } from "#base/errors.ts";
import { moveFile } from "#base/files/move-file.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { storageUploaded } from "#features/files/events.ts";
import type { UploadedStorageFile, UploadStorageInput } from "#features/files/schema.ts";
import { parseFileName, parseWorkspacePath } from "#features/files/workspace/parse-workspace-path.ts";
import { WorkspaceDirectory } from "#features/files/workspace/workspace-directory.ts";
import { workspaceRoot } from "#features/files/workspace/workspace-root.ts";
import { lookAt } from "#runtime/tools/index.ts";

/** Puts an uploaded file into a directory of the workspace. Readers see the old file or the new one, nothing between. */
export async function uploadStorage(
  ctx: Context,
  { path, file }: z.output<typeof UploadStorageInput>,
): Promise<z.input<typeof UploadedStorageFile>> {
  const filename = parseFileName(file.name, "file");
  const names = parseWorkspacePath(path).map((name) => name.normalize("NFC"));
  const directory = await WorkspaceDirectory.open(ctx.use(workspaceRoot)(ctx.tenantId), names, { make: true });
  if (!directory) throw invalidField("path", "a directory is expected");
  const value = { filename, path: [...names, filename].join("/"), size: file.size };
  try {
    const target = await directory.locate(filename);
    const found = target && (await lookAt(target));
    if (!target || (found && !found.isFile())) throw alreadyExists("file", value.path);
    await moveFile(file.path, target);
  } finally {
    await directory.close();
  }
  const details = { path: value.path, size: value.size };
  return mutate(ctx, storageUploaded, async () => ({ entityId: value.path, value, details }));
}
