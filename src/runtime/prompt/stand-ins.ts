import type { FilePart, ImagePart } from "#runtime/transcript/index.ts";

/** Tells a model that cannot take a user's file which tool reads it. */
export function standInOf(part: ImagePart | FilePart): string {
  const { media_type: type, blob, bytes } = part;
  const named = part.type === "file" && part.filename ? ` ${JSON.stringify(part.filename)}` : "";
  const tool = type.startsWith("image/") ? "read_image" : type.startsWith("audio/") ? "read_audio" : "read_document";
  return `[The user sent the file${named} of type ${type}, ${bytes} bytes. Read it with ${tool} and media_id "${blob}".]`;
}

/** Tells a model of an image in a tool result that it is not shown. */
export const resultStandInOf = ({ media_type: type, blob, bytes }: ImagePart): string =>
  `[Image of type ${type}, ${bytes} bytes, not shown. Look at it with read_image and media_id "${blob}".]`;
