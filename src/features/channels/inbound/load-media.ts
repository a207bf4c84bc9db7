import { EgressError } from "#base/egress/egress-error.ts";
import { LIMITS } from "#base/limits.ts";
import type { ImagePreparer } from "#base/media/image-preparer.ts";
import { IMAGE_TYPES } from "#base/media/image-types.ts";
import { typeOfContent } from "#base/media/media-types.ts";
import { ChannelError, type InboundMedia } from "#channels/index.ts";
import { PostponedError } from "#core/jobs/job-queue.ts";
import { type SaveFile, toSafeName } from "#features/channels/inbound/save-inbox-file.ts";
import type { ChannelAccount } from "#features/channels/live/channel-accounts.ts";
import type { BlobStore, MessagePart } from "#runtime/transcript/index.ts";

const FILE_TYPES: readonly string[] = ["application/pdf", "text/plain"];
/** A file that cannot be loaded keeps its message from the agent for this many attempts. */
const LOAD_ATTEMPTS = 3;

export interface MediaLoader {
  readonly account: ChannelAccount;
  readonly blobs: BlobStore;
  readonly imagePreparer: ImagePreparer;
  /** Saves a file that models cannot read in the agent's workspace. Resolves to its path there. */
  readonly save: SaveFile;
  readonly now: () => Date;
  /** The number of this attempt, from 1. */
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/** Loads the files of a message. Models read images and documents; the agent finds other files in its workspace. */
export async function loadMedia(media: readonly InboundMedia[], loader: MediaLoader): Promise<readonly MessagePart[]> {
  const parts: MessagePart[] = [];
  const signal = AbortSignal.any([loader.signal, AbortSignal.timeout(LIMITS.channelMediaWait)]);
  for (const file of media) parts.push(await loadFile(file, { ...loader, signal }));
  return parts;
}

async function loadFile(file: InboundMedia, loader: MediaLoader): Promise<MessagePart> {
  const name = toSafeName(file.name ?? file.kind);
  const maxBytes = maxBytesOf(loader.account);
  if ((file.size ?? 0) > maxBytes) return note(name, `it is larger than ${maxBytes} bytes`);
  try {
    const bytes = await download(file, maxBytes, loader);
    const type = typeOfContent(name, bytes);
    if (!IMAGE_TYPES.includes(type) && !FILE_TYPES.includes(type)) return saved(name, type, bytes, loader);
    const shown = await loader.imagePreparer.prepare({ bytes, mediaType: type }, loader.account.db.tenantId);
    if (IMAGE_TYPES.includes(type) && shown.bytes.length > LIMITS.imageBytes) return saved(name, type, bytes, loader);
    const limits = { maxBytes, type: shown.mediaType };
    const { id, size } = await loader.blobs.put(loader.account.db.tenantId, [shown.bytes], limits);
    const stored = { media_type: shown.mediaType, blob: id, bytes: size };
    return IMAGE_TYPES.includes(type) ? { type: "image", ...stored } : { type: "file", ...stored, filename: name };
  } catch (thrown) {
    return note(name, requireLost(thrown, loader));
  }
}

async function download(file: InboundMedia, maxBytes: number, { account, signal }: MediaLoader): Promise<Uint8Array> {
  const channel = account.open();
  if (!channel.download) throw new ChannelError("refused", "its platform hands out no files");
  return channel.download(file, maxBytes, signal);
}

async function saved(name: string, type: string, bytes: Uint8Array, { save }: MediaLoader): Promise<MessagePart> {
  const path = await save(name, bytes);
  return {
    type: "text",
    text: `[The file ${path} in your workspace came with this message: ${type}, ${bytes.length} bytes.]`,
  };
}

/** Returns why a file is lost. Throws if another attempt may load it. */
function requireLost(thrown: unknown, { attempt, now }: MediaLoader): string {
  if (!(thrown instanceof ChannelError) && !(thrown instanceof EgressError)) throw thrown;
  if (thrown instanceof ChannelError && thrown.kind === "rate_limited")
    throw new PostponedError(new Date(now().getTime() + (thrown.options.retryAfterMs ?? 0)));
  const isPassing = thrown instanceof ChannelError && ["unavailable", "outcome_unknown"].includes(thrown.kind);
  if (isPassing && attempt < LOAD_ATTEMPTS) throw thrown;
  return thrown.message;
}

/** Each type names its limit in another unit. */
function maxBytesOf({ config }: ChannelAccount): number {
  const megabytes = "media_max_mb" in config ? Number(config.media_max_mb) : Number.POSITIVE_INFINITY;
  return Math.min(LIMITS.channelMediaBytes, megabytes * 1_024 * 1_024);
}

const note = (name: string, reason: string): MessagePart => ({
  type: "text",
  text: `[The file ${name} of this message could not be loaded: ${reason}.]`,
});
