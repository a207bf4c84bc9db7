import type { z } from "zod";
import { invalidField } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import { typeOfName } from "#base/media/media-types.ts";
import type { Context } from "#core/context.ts";
import type { FileReply } from "#core/reply.ts";
import type { GetFileInput, ReadStorageInput, StorageFile } from "#features/files/schema.ts";
import { toFileReply } from "#features/files/serving/to-file-reply.ts";
import { findFile } from "#features/files/verbs/find-file.ts";

/** Answers with the bytes of a file. */
export async function getFile(ctx: Context, { path, download }: z.output<typeof GetFileInput>): Promise<FileReply> {
  const { content, name } = await findFile(ctx, path);
  return toFileReply(content, {
    ...{ name, type: typeOfName(name), isDownload: download },
    // An agent may rewrite the file at any time, so a cache has to ask.
    cacheControl: "private, no-cache",
  });
}

/** Answers with the text of a file, or with its bytes. Throws 400 for a text that is too large for an answer. */
export async function readStorage(
  ctx: Context,
  { path, raw }: z.output<typeof ReadStorageInput>,
): Promise<FileReply | z.input<typeof StorageFile>> {
  const { content, name, path: found } = await findFile(ctx, path);
  if (raw) {
    const cacheControl = "private, max-age=300";
    return toFileReply(content, { name, type: typeOfName(name), isDownload: false, cacheControl });
  }
  try {
    const { size } = content;
    if (size > LIMITS.shownFileBytes)
      throw invalidField("raw", `the file has ${size} bytes: ask for them with raw=true`);
    const parts = await Array.fromAsync(content.read(0, size));
    return { content: Buffer.concat(parts, size).toString(), path: found, size };
  } finally {
    await content.close();
  }
}
