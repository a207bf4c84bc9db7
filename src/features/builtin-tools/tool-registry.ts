import { notFound } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { defineService } from "#core/service.ts";
import type { Tool } from "#runtime/tools/index.ts";

/** The built-in tools by name. */
export const toolRegistry = defineService<ReadonlyMap<string, Tool>>("tool-registry");

export function getBuiltinTool(ctx: Context, name: string): Tool {
  const tool = ctx.use(toolRegistry).get(name);
  if (!tool) throw notFound("tool", name);
  return tool;
}
