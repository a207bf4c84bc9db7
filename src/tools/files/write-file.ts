import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { defineTool } from "#runtime/tools/index.ts";
import { appendWorkspaceFile, replaceWorkspaceFile } from "#tools/files/workspace-file.ts";

/** Writes a text file in the agent's workspace. Replacing is idempotent. Appending is not. */
export const writeFileTool = defineTool({
  name: "write_file",
  group: "fs",
  description: "Write a text file in your workspace. Replaces the file, or adds to its end when append is true.",
  arguments: z.object({
    path: z.string().min(1).max(1_000).describe("Relative to the workspace, such as notes/today.md"),
    content: z.string().max(LIMITS.workspaceFile),
    append: z.boolean().default(false),
  }),
  effect: ({ append }) => (append ? "once" : "idempotent"),
  run: async ({ workspace, memoryFiles }, { path, content, append }) => {
    if (memoryFiles.owns(path)) {
      await memoryFiles.change(path, (before = "") => (append ? before + content : content));
    } else {
      const write = append ? appendWorkspaceFile : replaceWorkspaceFile;
      await write(workspace, path, content);
    }
    return `${append ? "Added" : "Wrote"} ${Buffer.byteLength(content)} bytes to ${path}`;
  },
});
