import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import type { ImagePreparer } from "#base/media/image-preparer.ts";
import { IMAGE_TYPES } from "#base/media/image-types.ts";
import { SIGNATURE_BYTES, typeOfContent } from "#base/media/media-types.ts";
import { defineTool, type Tool, type ToolEnvironment, ToolError, untrustedPart } from "#runtime/tools/index.ts";
import type { BlobStore } from "#runtime/transcript/index.ts";
import { type FileReference, type LoadedFile, loadFile } from "#tools/media/load-file.ts";
import { type LookServices, lookAtFile } from "#tools/media/look-at-file.ts";

export interface LookToolOptions {
  readonly services: LookServices;
  readonly blobs: BlobStore;
  readonly imagePreparer: ImagePreparer;
}

const Name = z.string().min(1).max(255).optional();
/** Both or none. */
const Settings = z.object({
  provider: Name.describe("The provider of the model that looks at the files; the agent's own when absent"),
  model: Name.describe("The model that looks at the files; the agent's own when absent"),
});

const reference = {
  path: z.string().max(1_000).optional().describe("The path of the file in your workspace"),
  media_id: z.string().max(200).optional().describe("The id of a file that the user sent or uploaded"),
};
const Prompt = z.string().min(1).max(10_000).describe("What you want to know");

/** Creates the tool that asks a model about an image. */
export const createReadImageTool = ({ services, blobs, imagePreparer }: LookToolOptions): Tool =>
  defineTool({
    name: "read_image",
    group: "media",
    description: "Ask about an image in your workspace, an image that the user sent, or one at a web address.",
    arguments: z.object({
      prompt: Prompt,
      ...reference,
      url: z.string().max(2_000).optional().describe("The web address of an image"),
    }),
    settings: { schema: Settings, secrets: [] },
    effect: () => "read",
    run: async (environment, { prompt, url, ...given }, signal) => {
      const { name, bytes } = url
        ? await download(environment, url, signal)
        : await loadFile(environment, given, blobs);
      const mediaType = typeOf({ name, bytes }, "image");
      const picture = await imagePreparer.prepare({ bytes, mediaType }, environment.db.tenantId);
      const file = { type: "file" as const, mediaType: picture.mediaType, bytes: picture.bytes };
      const text = await lookAtFile(environment, { file, prompt, kind: "image" }, services, signal);
      return [untrustedPart(`image ${name}`, text)];
    },
  });

/** Creates the tool that asks a model about a recording. */
export const createReadAudioTool = ({ services, blobs }: LookToolOptions): Tool =>
  defineTool({
    name: "read_audio",
    group: "media",
    description: "Ask about a recording in your workspace or one that the user sent, such as what is said in it.",
    arguments: z.object({ prompt: Prompt, ...reference }),
    settings: { schema: Settings, secrets: [] },
    effect: () => "read",
    run: async (environment, { prompt, ...given }, signal) => {
      const { name, bytes } = await loadFile(environment, given satisfies FileReference, blobs);
      const file = { type: "file" as const, mediaType: typeOf({ name, bytes }, "recording"), bytes };
      const text = await lookAtFile(environment, { file, prompt, kind: "audio" }, services, signal);
      return [untrustedPart(`recording ${name}`, text)];
    },
  });

function typeOf({ name, bytes }: LoadedFile, kind: "image" | "recording"): string {
  const type = typeOfContent(name, bytes.subarray(0, SIGNATURE_BYTES));
  if (kind === "image" ? IMAGE_TYPES.includes(type) : type.startsWith("audio/")) return type;
  throw new ToolError(`${name} is no ${kind} that a model can take.`);
}

async function download({ web }: ToolEnvironment, url: string, signal: AbortSignal): Promise<LoadedFile> {
  const options = { maxBytes: LIMITS.imageBytes, timeoutMs: LIMITS.webFetchTime, accept: "image/*", signal };
  try {
    const { bytes } = await web.get(url, options);
    return { name: url, bytes };
  } catch (thrown) {
    throw new ToolError(`The image could not be fetched: ${thrown instanceof Error ? thrown.message : "no answer"}.`);
  }
}
