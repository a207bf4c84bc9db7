import { z } from "zod";
import { headOf } from "#base/cut-text.ts";
import { LIMITS } from "#base/limits.ts";
import { defineTool, shorten, ToolError } from "#runtime/tools/index.ts";
import { findPlace } from "#tools/files/find-place.ts";
import { readWorkspaceFile } from "#tools/files/workspace-file.ts";

/** Reads a text file of the agent's workspace, or some of its lines. */
export const readFileTool = defineTool({
  name: "read_file",
  group: "fs",
  description:
    "Read a text file in your workspace or in the folder of a skill. Long files come in parts: go on with offset, counted in lines.",
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
    if (isBinary(bytes)) throw new ToolError(`${shorten(path)} is a binary file of ${bytes.length} bytes, not text.`);
    return takeLines(new TextDecoder().decode(bytes), offset, limit);
  },
});

const SNIFFED_BYTES = 8_192;

const isBinary = (bytes: Uint8Array): boolean => bytes.subarray(0, SNIFFED_BYTES).includes(0);

function takeLines(text: string, offset: number, limit: number | undefined): string {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  if (lines.length === 0) return "The file is empty.";
  if (offset > lines.length) throw new ToolError(`The file has only ${lines.length} lines.`);

  const wanted = lines.slice(offset - 1, limit && offset - 1 + limit);
  const taken = fitting(wanted);
  const first = wanted[0] ?? "";
  if (taken === 0) {
    const note = `[line ${offset} has ${first.length} characters and was cut${goOn(offset + 1, lines.length)}]`;
    return `${headOf(first, LIMITS.readFileChars)}\n${note}`;
  }
  const end = offset - 1 + taken;
  const shown = wanted.slice(0, taken).join("\n");
  return end === lines.length
    ? shown
    : `${shown}\n[lines ${offset} to ${end} of ${lines.length}${goOn(end + 1, lines.length)}]`;
}

const goOn = (next: number, total: number) => (next > total ? "" : `; go on with offset ${next}`);

/** Returns the number of leading lines that fit completely. */
function fitting(lines: readonly string[]): number {
  let room = LIMITS.readFileChars;
  const over = lines.findIndex((line) => {
    room -= line.length + 1;
    return room < -1;
  });
  return over === -1 ? lines.length : over;
}
