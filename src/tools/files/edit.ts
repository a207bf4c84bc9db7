import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { defineTool, ToolError } from "#runtime/tools/index.ts";
import { readWorkspaceFile, replaceWorkspaceFile, tooLarge } from "#tools/files/workspace-file.ts";
import { shorten } from "#tools/files/workspace-path.ts";

const Text = z.string().max(LIMITS.workspaceFile);

/**
 * Replaces text in a file of the agent's workspace. Its effect is `once`, because a repetition would fail on the
 * missing old text. If the new text contains the old text, it would replace again.
 */
export const editTool = defineTool({
  name: "edit",
  group: "fs",
  description:
    "Replace text in a file of your workspace. old_string must stand there exactly once, unless replace_all is true.",
  arguments: z.object({
    path: z.string().min(1).max(1_000).describe("Relative to the workspace, such as notes/today.md"),
    old_string: Text.min(1).describe("Exactly as in the file, with white space and line ends"),
    new_string: Text.describe("What stands there afterwards; may be empty"),
    replace_all: z.boolean().default(false).describe("Replace every occurrence"),
  }),
  effect: () => "once",
  run: async ({ workspace }, { path, old_string, new_string, replace_all }) => {
    if (old_string === new_string) throw new ToolError("old_string and new_string are the same: nothing to change.");
    const text = decode(await readWorkspaceFile(workspace, path), path);
    const count = countOf(text, old_string);
    if (count === 0) throw new ToolError(explainMissing(text, old_string, path));
    if (count > 1 && !replace_all) {
      throw new ToolError(
        `old_string stands ${count} times in ${shorten(path)}. Add lines around it until it is unique, or set replace_all.`,
      );
    }
    const length = text.length + count * (new_string.length - old_string.length);
    if (length > LIMITS.workspaceFile) throw tooLarge();
    await replaceWorkspaceFile(
      workspace,
      path,
      text.replaceAll(old_string, () => new_string),
    );
    return `Replaced ${count === 1 ? "1 occurrence" : `${count} occurrences`} in ${path}`;
  },
});

function countOf(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) count++;
  return count;
}

/**
 * Decodes a file and keeps its byte order mark. Refuses other encodings than UTF-8, because their bytes would change
 * when written back.
 */
function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ToolError(`${shorten(path)} is not a UTF-8 text file.`);
  }
}

function explainMissing(text: string, wanted: string, path: string): string {
  const missing = `old_string does not stand in ${shorten(path)}.`;
  const withoutReturns = (part: string) => part.replaceAll("\r\n", "\n");
  if (withoutReturns(text).includes(withoutReturns(wanted))) {
    return `${missing} Only the line ends differ: the file uses ${text.includes("\r\n") ? "\\r\\n" : "\\n"}.`;
  }
  const collapse = (part: string) => part.replace(/\s+/g, " ").trim();
  const isClose = collapse(text).includes(collapse(wanted));
  return isClose ? `${missing} Only the white space differs: read the file again.` : `${missing} Read the file first.`;
}
