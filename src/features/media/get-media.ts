import type { z } from "zod";
import { notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import type { FileReply } from "#core/reply.ts";
import { toFileReply } from "#features/files/index.ts";
import { findMedia } from "#features/media/find-media.ts";
import type { GetMediaInput } from "#features/media/schema.ts";
import { blobStore } from "#runtime/transcript/index.ts";

/** Answers with the bytes of an upload. Users who are no administrators have their own ones. */
export async function getMedia(ctx: Context, { id, download }: z.output<typeof GetMediaInput>): Promise<FileReply> {
  const found = await findMedia(ctx, id);
  if (!found) throw notFound("media", id);
  const content = await ctx.use(blobStore).openContent(ctx.tenantId, found.blob);
  return toFileReply(content, {
    ...{ name: found.name, type: found.mime_type, isDownload: download },
    cacheControl: "private, max-age=86400",
  });
}
