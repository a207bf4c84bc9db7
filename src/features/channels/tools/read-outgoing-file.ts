import { LIMITS } from "#base/limits.ts";
import { SIGNATURE_BYTES, typeOfContent } from "#base/media/media-types.ts";
import type { OutboundMedia } from "#channels/index.ts";
import type { ChannelToolDependencies } from "#features/channels/tools/create-channel-tool-source.ts";
import { WorkspaceDirectory } from "#features/files/index.ts";
import { missingFile, parseRelativePath, shorten, type ToolEnvironment, ToolError } from "#runtime/tools/index.ts";

/**
 * Copies a file of the workspace into the blob store, so that what is sent later is what the agent meant. Throws
 * `ToolError` for a path outside the workspace, for anything but a plain file, and for one that is too large.
 */
export async function readOutgoingFile(
  { workspace, tenantId }: Pick<ToolEnvironment, "workspace" | "tenantId">,
  path: string,
  { blobs }: Pick<ChannelToolDependencies, "blobs">,
): Promise<OutboundMedia> {
  const names = parseRelativePath(path);
  const name = names.at(-1) ?? "";
  const directory = await WorkspaceDirectory.open(workspace, names.slice(0, -1));
  try {
    const opened = await directory?.openFile(name);
    if (!opened) throw missingFile(path);
    const { file, stats } = opened;
    try {
      if (stats.size > LIMITS.workspaceFile)
        throw new ToolError(`${shorten(path)} has ${stats.size} bytes: too large to send.`);
      const bytes = await file.readFile();
      const mediaType = typeOfContent(name, bytes.subarray(0, SIGNATURE_BYTES));
      const { id, size } = await blobs.put(tenantId, [bytes], { maxBytes: LIMITS.workspaceFile, type: mediaType });
      return { blob: id, mediaType, name, size };
    } finally {
      await file.close();
    }
  } finally {
    await directory?.close();
  }
}
