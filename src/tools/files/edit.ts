import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { defineTool, shorten, ToolError } from "#runtime/tools/index.ts";
import { findAlike } from "#tools/files/find-alike.ts";
import { readWorkspaceFile, replaceWorkspaceFile, tooLarge } from "#tools/files/workspace-file.ts";

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
  run: async ({ workspace, memoryFiles }, { path, old_string, new_string, replace_all }) => {
    if (old_string === new_string) throw new ToolError("old_string and new_string are the same: nothing to change.");
    const remembered = memoryFiles.owns(path) ? await memoryFiles.read(path) : undefined;
    const text = remembered ?? decode(await readWorkspaceFile(workspace, path), path);
    const places = await findPlaces(text, old_string, replace_all);
    const count = places.length / 2;
    if (count === 0) throw new ToolError(explainMissing(text, old_string, path));
    if (count > 1 && !replace_all) {
      throw new ToolError(
        `old_string stands ${count} times in ${shorten(path)}. Add lines around it until it is unique, or set replace_all.`,
      );
    }
    const edited = replaceAt(text, places, toReplacement(old_string, new_string));
    if (memoryFiles.owns(path)) await memoryFiles.change(path, requireUnchanged(remembered, edited, path));
    else await replaceWorkspaceFile(workspace, path, edited);
    return `Replaced ${count === 1 ? "1 occurrence" : `${count} occurrences`} in ${path}`;
  },
});

/** Returns the function that replaces a text as a whole. It throws `ToolError` if another text stands there by now. */
const requireUnchanged = (text: string | undefined, edited: string, path: string) => (before: string | undefined) => {
  if (before === text) return edited;
  if (before === undefined)
    throw new ToolError(`${shorten(path)} belongs to all users: write one for this user alone.`);
  throw new ToolError(`${shorten(path)} has changed meanwhile: read it again.`);
};

/** Returns the beginnings and ends of the text to replace. What stands there exactly precedes what looks the same. */
async function findPlaces(text: string, wanted: string, wantsAll: boolean): Promise<readonly number[]> {
  const exact: number[] = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) {
    const end = at + wanted.length;
    if (!isWithinLetter(text, end)) exact.push(at, end);
  }
  if (exact.length > 0 && !wantsAll) return exact;
  const alike = await findAlike(text, wanted);
  return alike.length > 0 ? alike : exact;
}

/** Returns whether the next character is a mark that belongs to the letter before it, as in decomposed text. */
function isWithinLetter(text: string, offset: number): boolean {
  if (text.charCodeAt(offset) < FIRST_MARK || offset === text.length) return false;
  const before = text.slice(Math.max(0, offset - 4), offset).normalize("NFC");
  return (before + text.charAt(offset)).normalize("NFC").length <= before.length;
}

const FIRST_MARK = 0x300;

/** Returns the function that gives a stretch of text its replacement, with the line ends of the stretch. */
function toReplacement(wanted: string, replacement: string): (stretch: string) => string {
  const [withLineFeeds, withReturns] = [replacement.replaceAll("\r\n", "\n"), replacement.replace(/\r?\n/g, "\r\n")];
  return (stretch) => {
    if (stretch === wanted || !stretch.includes("\n")) return replacement;
    return stretch.includes("\r\n") ? withReturns : withLineFeeds;
  };
}

/** Throws `ToolError` if the text would become too large. */
function replaceAt(text: string, places: readonly number[], toNew: (stretch: string) => string): string {
  const pieces: string[] = [];
  let length = 0;
  let from = 0;
  for (let index = 0; index < places.length; index += 2) {
    const [start = 0, end = 0] = places.slice(index, index + 2);
    const piece = text.slice(from, start) + toNew(text.slice(start, end));
    length += piece.length;
    if (length > LIMITS.workspaceFile) throw tooLarge();
    pieces.push(piece);
    from = end;
  }
  return pieces.join("") + text.slice(from);
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
  const collapse = (part: string) => part.replace(/\s+/g, " ").trim();
  const isClose = collapse(text).includes(collapse(wanted));
  return isClose ? `${missing} Only the white space differs: read the file again.` : `${missing} Read the file first.`;
}
