import { EgressError } from "#base/egress/egress-error.ts";
import { AppError, invalidField } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import { IMAGE_TYPES } from "#base/media/image-types.ts";
import { SIGNATURE_BYTES, typeOfContent, UNKNOWN_TYPE } from "#base/media/media-types.ts";
import type { Context } from "#core/context.ts";
import { egress } from "#core/platform.ts";
import { isUpload, loadUpload } from "#features/openai-messages/load-upload.ts";
import type { UserContent } from "#features/openai-messages/schema.ts";
import { type Loaded, storeBlob } from "#features/openai-messages/store-blob.ts";
import { imageInvalid, storePicture } from "#features/openai-messages/store-picture.ts";
import type { MessagePart } from "#runtime/transcript/index.ts";

type AudioSource = Extract<UserContent, { input_audio: object }>["input_audio"];
type ImageSource = Extract<UserContent, { image_url: object }>["image_url"];

const DOWNLOAD_MS = 20_000;

/**
 * Converts a part of a user's message to its stored form. Images, files and recordings become blobs. The gateway
 * downloads images from URLs itself. Throws 400 for unsupported, invalid or too large content.
 */
export async function storeContent(ctx: Context, content: UserContent, field: string): Promise<MessagePart> {
  if (isText(content)) return { type: "text", text: content.text };
  if (isImage(content)) return storeImage(ctx, content.image_url, `${field}.image_url.url`);
  if (isFile(content)) return storeFile(ctx, content.file, `${field}.file`);
  if (isAudio(content)) return storeAudio(ctx, content.input_audio, `${field}.input_audio`);
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
const isAudio = (content: UserContent): content is Extract<UserContent, { input_audio: object }> =>
  content.type === "input_audio" && "input_audio" in content;

/** Stores an image that a URL leads to, or that is in it. */
export async function storeImage(ctx: Context, { url, detail }: ImageSource, field: string): Promise<MessagePart> {
  if (isUpload(url)) {
    const part = await loadUpload(ctx, url, field);
    if (part.type !== "image") throw imageInvalid(field, IMAGE_TYPES.join(", "));
    return { ...part, ...(detail && { detail }) };
  }
  const loaded = url.startsWith("data:") ? parseDataUrl(url, field) : await download(ctx, url, field);
  return { type: "image", ...(await storePicture(ctx, loaded.bytes, field)), ...(detail && { detail }) };
}

type FileSource = Extract<UserContent, { file: object }>["file"];

/** Stores a file that is in a request, or finds an upload by its id. */
export async function storeFile(ctx: Context, file: FileSource, field: string): Promise<MessagePart> {
  if (file.file_id) return loadUpload(ctx, file.file_id, `${field}.file_id`);
  if (file.file_data === undefined) throw invalidField(`${field}.file_data`, "data: URL");
  const loaded = parseDataUrl(file.file_data, `${field}.file_data`);
  const filename = file.filename ?? "";
  const told = typeOfContent(filename, loaded.bytes.subarray(0, SIGNATURE_BYTES));
  const mediaType = told === UNKNOWN_TYPE ? loaded.mediaType : told;
  const kept = await storeBlob(ctx, { bytes: loaded.bytes, mediaType }, LIMITS.chatBody);
  return { type: "file", ...kept, ...(filename && { filename }) };
}

/** Stores a recording that is in a request. */
export async function storeAudio(ctx: Context, { data, format }: AudioSource, field: string): Promise<MessagePart> {
  const bytes = Buffer.from(data.replace(/^data:[^,]*,/, ""), "base64");
  if (bytes.byteLength === 0) throw invalidField(`${field}.data`, "base64");
  const mediaType = typeOfContent(`audio.${format}`, bytes.subarray(0, SIGNATURE_BYTES));
  if (!mediaType.startsWith("audio/")) throw invalidField(`${field}.format`, "wav, mp3");
  return { type: "file", ...(await storeBlob(ctx, { bytes, mediaType }, LIMITS.chatBody)) };
}

function parseDataUrl(url: string, field: string): Loaded {
  const match = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w-]+=[^;,]*)*;base64,/.exec(url.slice(0, 300));
  if (!match) throw invalidField(field, "data:<type>;base64,…");
  const bytes = Buffer.from(url.slice(match[0].length), "base64");
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
