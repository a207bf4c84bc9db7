import { SECOND, toTimestamp } from "#base/clock.ts";
import { alreadyExists, failedPrecondition } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { secretBox } from "#core/platform.ts";
import { isUniqueViolation } from "#db/errors.ts";
import type { CustomToolsTable } from "#db/tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { toBit, toJson } from "#db/values.ts";
import { compileCommand } from "#features/custom-tools/compile-command.ts";
import { customToolCreated } from "#features/custom-tools/events.ts";
import { requireFreeName } from "#features/custom-tools/require-free-name.ts";
import { resolveToolAgent } from "#features/custom-tools/resolve-tool-agent.ts";
import type { CreateCustomToolInput, CustomTool } from "#features/custom-tools/schema.ts";
import { sealEnvironment } from "#features/custom-tools/seal-environment.ts";
import { type ToolConfig, toCustomTool } from "#features/custom-tools/stored-custom-tool.ts";

/** Creates a tool. Agents have it from their next run on. Throws `ALREADY_EXISTS` if its name is taken. */
export async function createCustomTool(ctx: Context, input: CreateCustomToolInput): Promise<CustomTool> {
  const { name, command, shell = false } = input;
  requireFreeName(ctx, name);
  const words = compileCommand(ctx, { command, shell });
  const agentId = await resolveToolAgent(ctx, input.agent_id ?? null);
  const place = { id: newId(), tenant_id: ctx.tenantId, env: "{}" };
  const { sealed } = sealEnvironment(input.env ?? {}, place, ctx.use(secretBox));
  const config: ToolConfig = {
    description: input.description ?? "",
    shell,
    parameters: input.parameters ?? {},
    working_dir: input.working_dir ?? null,
    timeout_seconds: input.timeout_seconds ?? LIMITS.execTime / SECOND,
    effect: input.effect ?? "once",
    tags: input.tags ?? [],
    requires: input.requires ?? [],
  };
  const now = toTimestamp(ctx.clock.now());
  const row: CustomToolsTable = {
    ...place,
    agent_id: agentId,
    name,
    command,
    words: toJson(words),
    env: toJson(sealed),
    enabled: toBit(input.enabled ?? true),
    config: toJson(config),
    created_by: ctx.userId,
    created_at: now,
    updated_at: now,
  };
  return mutate(ctx, customToolCreated, async (queries) => {
    await requireRoom(queries);
    await queries.insertInto("custom_tools", row).execute();
    return { entityId: row.id, value: toCustomTool(row), details: { name, agent_id: agentId } };
  }).catch((thrown) => {
    throw isUniqueViolation(thrown) ? alreadyExists("tool", name) : thrown;
  });
}

async function requireRoom(queries: TenantQueries): Promise<void> {
  const max = LIMITS.customToolsPerTenant;
  const count = queries.selectFrom("custom_tools").select(({ fn }) => fn.countAll<number>().as("count"));
  const { count: stored } = await count.executeTakeFirstOrThrow();
  if (Number(stored) >= max) throw failedPrecondition("error.too_many_tools", { max }, "too_many_tools");
}
