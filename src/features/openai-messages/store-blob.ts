import { freeBytes } from "#base/free-bytes.ts";
import type { Context } from "#core/context.ts";
import { blobStore } from "#runtime/transcript/index.ts";

export interface Loaded {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/**
 * Stores bytes and returns the fields that a part of a message has for them. The bytes are freed. Throws
 * `BlobTooLargeError`.
 */
export async function storeBlob(ctx: Context, { bytes, mediaType }: Loaded, maxBytes: number) {
  const limits = { maxBytes, type: mediaType };
  const { id, size } = await ctx.use(blobStore).put(ctx.tenantId, [bytes], limits);
  freeBytes(bytes);
  return { media_type: mediaType, blob: id, bytes: size };
}
