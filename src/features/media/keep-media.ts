import { toTimestamp } from "#base/clock.ts";
import { newId } from "#base/ids.ts";
import { type Author, mutateAs } from "#core/mutate.ts";
import { mediaUploaded } from "#features/media/events.ts";

/** A file that an agent hands to a user. Its bytes are in the blob store. */
export interface KeptMedia {
  readonly blob: string;
  readonly mediaType: string;
  readonly name: string;
  readonly size: number;
  readonly userId: string;
}

/** Makes an upload of a file. Resolves to the path of its URL, which is signed wherever the user reads it. */
export const keepMedia = (
  author: Author,
  { blob, mediaType: mime_type, name, size, userId }: KeptMedia,
): Promise<string> =>
  mutateAs(author, mediaUploaded, async (queries) => {
    const id = newId();
    const row = { id, user_id: userId, name, mime_type, blob, size, created_at: toTimestamp(author.now) };
    await queries.insertInto("media", row).execute();
    return { entityId: id, userId, value: `/v1/media/${id}`, details: { filename: name, mime_type, size } };
  });
