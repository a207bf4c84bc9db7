import { toTimestamp } from "#base/clock.ts";
import { alreadyExists } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { secretBox } from "#core/platform.ts";
import { requireSameDestination } from "#core/require-same-destination.ts";
import { UPDATED } from "#core/wire.ts";
import { isUniqueViolation } from "#db/errors.ts";
import type { CustomToolsTable } from "#db/tables.ts";
import { fromJson, toBit, toJson } from "#db/values.ts";
import { compileCommand } from "#features/custom-tools/compile-command.ts";
import { customToolUpdated } from "#features/custom-tools/events.ts";
import { lockCustomToolRow } from "#features/custom-tools/repository.ts";
import { requireFreeName } from "#features/custom-tools/require-free-name.ts";
import { resolveToolAgent } from "#features/custom-tools/resolve-tool-agent.ts";
import type { UpdateCustomToolInput } from "#features/custom-tools/schema.ts";
import { sealEnvironment } from "#features/custom-tools/seal-environment.ts";
import type { ToolConfig } from "#features/custom-tools/stored-custom-tool.ts";

/**
 * Changes the fields of a tool that the request has. Another command could print the stored variables, so it needs them
 * again. Throws `NOT_FOUND`, and `ALREADY_EXISTS` if the new name is taken.
 */
export async function updateCustomTool(ctx: Context, input: UpdateCustomToolInput): Promise<typeof UPDATED> {
  const { id, name, command, agent_id, enabled, env } = input;
  if (name !== undefined) requireFreeName(ctx, name);
  const agentId = agent_id === undefined ? undefined : await resolveToolAgent(ctx, agent_id);
  const changed = Object.keys(input).filter((field) => field !== "id");

  return mutate(ctx, customToolUpdated, async (queries) => {
    const row = await lockCustomToolRow(queries, id);
    const before = fromJson<ToolConfig>(row.config);
    const after = changeConfig(before, input);
    const next: CustomToolsTable = {
      ...row,
      name: name ?? row.name,
      command: command ?? row.command,
      agent_id: agentId === undefined ? row.agent_id : agentId,
      enabled: enabled === undefined ? row.enabled : toBit(enabled),
      config: toJson(after),
      updated_at: toTimestamp(ctx.clock.now()),
    };
    const { sealed, kept } = sealEnvironment(env, row, ctx.use(secretBox));
    requireSameDestination({
      kept,
      before: { command: row.command, shell: String(before.shell) },
      after: { command: next.command, shell: String(after.shell) },
    });
    const words = compileCommand(ctx, { command: next.command, shell: after.shell });
    await queries
      .updateTable("custom_tools")
      .set({ ...next, words: toJson(words), env: toJson(sealed) })
      .where("id", "=", row.id)
      .execute();
    return { entityId: row.id, value: UPDATED, details: { name: next.name, agent_id: next.agent_id, changed } };
  }).catch((thrown) => {
    throw isUniqueViolation(thrown) ? alreadyExists("tool", name ?? id) : thrown;
  });
}

const changeConfig = (before: ToolConfig, input: UpdateCustomToolInput): ToolConfig => ({
  description: input.description ?? before.description,
  shell: input.shell ?? before.shell,
  parameters: input.parameters ?? before.parameters,
  working_dir: input.working_dir === undefined ? before.working_dir : input.working_dir,
  timeout_seconds: input.timeout_seconds ?? before.timeout_seconds,
  effect: input.effect ?? before.effect,
  tags: input.tags ?? before.tags,
  requires: input.requires ?? before.requires,
});
