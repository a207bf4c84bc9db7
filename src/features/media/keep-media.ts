import { toTimestamp } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";

/** A file that an agent hands to a user. Its bytes are in the blob store. */
export interface KeptMedia {
  readonly blob: string;
  readonly mediaType: string;
  readonly name: string;
  readonly size: number;
  readonly userId: string;
}

/** Makes an upload of a file. Resolves to the path of its URL, which is signed wherever the user reads it. */
export async function keepMedia(
  queries: TenantQueries,
  { blob, mediaType, name, size, userId }: KeptMedia,
  now: Date,
): Promise<string> {
  const id = newId();
  const row = { id, user_id: userId, name, mime_type: mediaType, blob, size, created_at: toTimestamp(now) };
  await queries.insertInto("media", row).execute();
  return `/v1/media/${id}`;
}
