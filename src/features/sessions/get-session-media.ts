import type { z } from "zod";
import { notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import type { FileReply } from "#core/reply.ts";
import { toFileReply } from "#features/files/index.ts";
import { getSessionRow } from "#features/sessions/repository.ts";
import type { GetSessionMediaInput } from "#features/sessions/schema.ts";
import { SILENT_REPLY } from "#runtime/prompt/index.ts";
import { blobStore, mediaOf, readMessages, readOutline } from "#runtime/transcript/index.ts";

/** Answers with the bytes of an image or a file in a transcript. Throws `NOT_FOUND` unless a message of it has them. */
export async function getSessionMedia(
  ctx: Context,
  { key, blob, download }: z.output<typeof GetSessionMediaInput>,
): Promise<FileReply> {
  const { head_id } = await getSessionRow(ctx, key);
  const { read } = ctx.db;
  const [naming, outline] = await Promise.all([
    read.selectFrom("message_blobs").select("message_id").where("blob", "=", blob).execute(),
    readOutline(read, head_id, SILENT_REPLY),
  ]);
  const own = new Set(outline.map(({ id }) => id));
  const [message] = await readMessages(
    read,
    naming.flatMap(({ message_id: id }) => (own.has(id) ? id : [])).slice(0, 1),
  );
  const part = mediaOf(message?.parts ?? []).find((each) => each.blob === blob);
  if (!part) throw notFound("media", blob);
  const content = await ctx.use(blobStore).openContent(ctx.tenantId, blob);
  return toFileReply(content, {
    name: (part.type === "file" && part.filename) || blob.slice(0, 8),
    type: part.media_type,
    isDownload: download,
    cacheControl: "private, max-age=86400",
  });
}
