import { z } from "zod";
import { IMAGE_TYPES } from "#base/media/image-types.ts";
import { SIGNATURE_BYTES, typeOfContent } from "#base/media/media-types.ts";
import { defineTool, imagePart, shorten, ToolError, textPart } from "#runtime/tools/index.ts";
import { findPlace } from "#tools/files/find-place.ts";
import { takeLines } from "#tools/files/take-lines.ts";
import { readWorkspaceFile } from "#tools/files/workspace-file.ts";

/** Reads a text file of the agent's workspace, or some of its lines. Shows an image to models that take images. */
export const readFileTool = defineTool({
  name: "read_file",
  group: "fs",
  description:
    "Read a text file in your workspace or in the folder of a skill, or look at an image there. Long files come in parts: go on with offset, counted in lines.",
  arguments: z.object({
    path: z
      .string()
      .min(1)
      .max(1_000)
      .describe("Relative to the workspace, such as notes/today.md; the whole path for a file of a skill"),
    offset: z.int().min(1).default(1).describe("The first line to read; 1 is the first of the file"),
    limit: z.int().min(1).optional().describe("How many lines to read; all that fit when absent"),
  }),
  effect: () => "read",
  run: async (environment, { path, offset, limit }) => {
    const remembered = environment.memoryFiles.owns(path) ? await environment.memoryFiles.read(path) : undefined;
    if (remembered !== undefined) return takeLines(remembered, offset, limit);
    const place = await findPlace(environment, path);
    const bytes = await readWorkspaceFile(place.root, place.path);
    const type = typeOfContent(path, bytes.subarray(0, SIGNATURE_BYTES));
    if (IMAGE_TYPES.includes(type)) {
      return [textPart(`[image: ${shorten(path)}, ${type}, ${bytes.length} bytes]`), imagePart(bytes)];
    }
    if (isBinary(bytes)) throw new ToolError(`${shorten(path)} is a binary file of ${bytes.length} bytes, not text.`);
    return takeLines(new TextDecoder().decode(bytes), offset, limit);
  },
});

const SNIFFED_BYTES = 8_192;

const isBinary = (bytes: Uint8Array): boolean => bytes.subarray(0, SNIFFED_BYTES).includes(0);
