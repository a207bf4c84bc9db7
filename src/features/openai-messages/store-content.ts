import { EgressError } from "#base/egress/egress-error.ts";
import { AppError, invalidField } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { egress } from "#core/platform.ts";
import { FILE_TYPES, IMAGE_TYPES } from "#features/openai-messages/content-types.ts";
import { isUpload, loadUpload } from "#features/openai-messages/load-upload.ts";
import type { UserContent } from "#features/openai-messages/schema.ts";
import type { MessagePart } from "#runtime/transcript/index.ts";
import { BlobTooLargeError, blobStore } from "#runtime/transcript/index.ts";

interface Loaded {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

type ImageSource = Extract<UserContent, { image_url: object }>["image_url"];

const DOWNLOAD_MS = 20_000;

/**
 * Converts a part of a user's message to its stored form. Images and files become blobs. The gateway downloads images
 * from URLs itself. Throws 400 for unsupported, invalid or too large content.
 */
export async function storeContent(ctx: Context, content: UserContent, field: string): Promise<MessagePart> {
  if (isText(content)) return { type: "text", text: content.text };
  if (isImage(content)) return storeImage(ctx, content.image_url, `${field}.image_url.url`);
  if (isFile(content)) return storeFile(ctx, content.file, `${field}.file`);
  throw unsupportedContent(content.type, field);
}

/** 400: no model takes content of this type. */
export const unsupportedContent = (type: string, field: string) =>
  new AppError("INVALID_REQUEST", "error.unsupported_content", { type: type.slice(0, 50) }, { field: `${field}.type` });

// `OtherContent` allows every `type`, so the type alone does not identify a part. These guards also check its field.
const isText = (content: UserContent): content is Extract<UserContent, { text: string }> =>
  content.type === "text" && "text" in content;
const isImage = (content: UserContent): content is Extract<UserContent, { image_url: object }> =>
  content.type === "image_url" && "image_url" in content;
const isFile = (content: UserContent): content is Extract<UserContent, { file: object }> =>
  content.type === "file" && "file" in content;

/** Stores an image that a URL leads to, or that is in it. */
export async function storeImage(ctx: Context, { url, detail }: ImageSource, field: string): Promise<MessagePart> {
  if (isUpload(url)) {
    const part = await loadUpload(ctx, url, field);
    if (part.type !== "image") throw imageInvalid(field, IMAGE_TYPES.join(", "));
    return { ...part, ...(detail && { detail }) };
  }
  const loaded = url.startsWith("data:") ? parseDataUrl(url, field) : await download(ctx, url, field);
  const mediaType = sniffImage(loaded.bytes);
  if (!mediaType) throw imageInvalid(field, IMAGE_TYPES.join(", "));
  const kept = await keep(ctx, { ...loaded, mediaType }, LIMITS.imageBytes).catch((thrown: unknown) => {
    throw thrown instanceof BlobTooLargeError ? imageInvalid(field, `> ${LIMITS.imageBytes} bytes`) : thrown;
  });
  return { type: "image", ...kept, ...(detail && { detail }) };
}

type FileSource = Extract<UserContent, { file: object }>["file"];

/** Stores a file that is in a request, or finds an upload by its id. */
export async function storeFile(ctx: Context, file: FileSource, field: string): Promise<MessagePart> {
  if (file.file_id) return loadUpload(ctx, file.file_id, `${field}.file_id`);
  if (file.file_data === undefined) throw invalidField(`${field}.file_data`, "data: URL");
  const loaded = parseDataUrl(file.file_data, `${field}.file_data`);
  if (!FILE_TYPES.includes(loaded.mediaType)) throw invalidField(`${field}.file_data`, FILE_TYPES.join(", "));
  return {
    type: "file",
    ...(await keep(ctx, loaded, LIMITS.chatBody)),
    ...(file.filename && { filename: file.filename }),
  };
}

async function keep(ctx: Context, { bytes, mediaType }: Loaded, maxBytes: number) {
  const limits = { maxBytes, type: mediaType };
  const { id, size } = await ctx.use(blobStore).put(ctx.tenantId, toStream(bytes), limits);
  return { media_type: mediaType, blob: id, bytes: size };
}

async function* toStream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function parseDataUrl(url: string, field: string): Loaded {
  const match = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w-]+=[^;,]*)*;base64,/.exec(url.slice(0, 300));
  if (!match) throw invalidField(field, "data:<type>;base64,…");
  const bytes = new Uint8Array(Buffer.from(url.slice(match[0].length), "base64"));
  if (bytes.byteLength === 0) throw invalidField(field, "base64");
  return { bytes, mediaType: (match[1] ?? "").toLowerCase() };
}

async function download(ctx: Context, url: string, field: string): Promise<Loaded> {
  try {
    const options = { maxBytes: LIMITS.imageBytes, timeoutMs: DOWNLOAD_MS, accept: "image/*", signal: ctx.signal };
    return await ctx.use(egress).for("web").get(url, options);
  } catch (thrown) {
    if (!(thrown instanceof EgressError)) throw thrown;
    throw new AppError(
      "INVALID_REQUEST",
      "error.url_not_allowed",
      { detail: thrown.message },
      { field, cause: thrown },
    );
  }
}

/** Detects the media type from the first bytes. Ignores the declared type, because it may be wrong. */
function sniffImage(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) return "image/gif";
  return head.startsWith("RIFF") && head.slice(8) === "WEBP" ? "image/webp" : undefined;
}

const imageInvalid = (field: string, detail: string) =>
  new AppError("INVALID_REQUEST", "error.image_invalid", { detail }, { field });
