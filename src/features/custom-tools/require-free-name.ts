import { alreadyExists } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { toolRegistry } from "#features/builtin-tools/index.ts";

/** Throws 409 for the name of a built-in tool. The database refuses the names of other custom tools. */
export function requireFreeName(ctx: Context, name: string): void {
  if (ctx.use(toolRegistry).has(name)) throw alreadyExists("tool", name);
}
