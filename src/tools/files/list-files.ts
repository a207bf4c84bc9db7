import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { defineTool } from "#runtime/tools/index.ts";
import type { ListedEntry } from "#tools/files/list-directory.ts";
import { listWithMemory } from "#tools/files/list-with-memory.ts";

/** Lists one directory of the agent's workspace. */
export const listFilesTool = defineTool({
  name: "list_files",
  group: "fs",
  description:
    "List a directory of your workspace, or the folder of a skill: directories first, then files with their sizes.",
  arguments: z.object({
    path: z.string().max(1_000).default(".").describe("Relative to the workspace, such as notes; the root when absent"),
  }),
  effect: () => "read",
  run: async (environment, { path }) => {
    const { entries, isCut } = await listWithMemory(environment, path === "" ? "." : path);
    if (entries.length === 0) return "The directory is empty.";
    const note = isCut ? [`[only ${LIMITS.listedFiles} entries are shown; there are more]`] : [];
    return [...entries.map(formatEntry), ...note].join("\n");
  },
});

function formatEntry({ name, isDirectory, size }: ListedEntry): string {
  // A file name may contain line breaks. Such a name is shown as JSON, so it cannot look like another entry.
  const shown = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u.test(name) ? name : JSON.stringify(name);
  if (isDirectory) return `${shown}/`;
  return size === undefined ? `${shown} (not a plain file)` : `${shown} (${size} bytes)`;
}
