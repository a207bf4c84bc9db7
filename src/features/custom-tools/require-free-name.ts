import { alreadyExists } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { toolRegistry } from "#features/builtin-tools/index.ts";

/** Names of tools that only some agents have, and so are not among the built-in ones. */
const TAKEN: ReadonlySet<string> = new Set([
  ...["delegate", "spawn", "sessions_send", "send_file", "message"],
  ...["use_skill", "skill_search", "mcp_tool_search"],
  ...["memory_search", "memory_get", "memory_write"],
]);

/** Throws 409 for the name of one of the gateway's own tools. The database refuses the names of other custom tools. */
export function requireFreeName(ctx: Context, name: string): void {
  if (TAKEN.has(name) || ctx.use(toolRegistry).has(name)) throw alreadyExists("tool", name);
}
