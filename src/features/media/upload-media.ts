import type { z } from "zod";
import { toTimestamp } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import { SIGNATURE_BYTES, typeOfContent } from "#base/media/media-types.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { parseFileName } from "#features/files/index.ts";
import { mediaUploaded } from "#features/media/events.ts";
import type { UploadedMedia, UploadMediaInput } from "#features/media/schema.ts";
import { blobStore } from "#runtime/transcript/index.ts";

/** Stores a file for use in messages. It belongs to the caller's user. */
export async function uploadMedia(
  ctx: Context,
  { file }: z.output<typeof UploadMediaInput>,
): Promise<z.input<typeof UploadedMedia>> {
  const filename = parseFileName(file.name, "file");
  const mime_type = typeOfContent(filename, await readHead(file.path));
  const blob = await ctx.use(blobStore).adopt(ctx.tenantId, file);
  const { size } = file;
  const id = newId();
  return mutate(ctx, mediaUploaded, async (queries) => {
    const created_at = toTimestamp(ctx.clock.now());
    const row = { id, user_id: ctx.userId, name: filename, mime_type, blob, size, created_at };
    await queries.insertInto("media", row).execute();
    const value = { id, url: `/v1/media/${id}`, path: `media/${id}`, mime_type, filename, size };
    return { entityId: id, userId: ctx.userId, value, details: { filename, mime_type, size } };
  });
}

const readHead = (path: string): Promise<Uint8Array> => Bun.file(path).slice(0, SIGNATURE_BYTES).bytes();
