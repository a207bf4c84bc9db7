import { toTimestamp } from "#base/clock.ts";
import { alreadyExists } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { secretBox } from "#core/platform.ts";
import { isUniqueViolation } from "#db/errors.ts";
import type { McpServersTable } from "#db/mcp-tables.ts";
import { toBit, toJson } from "#db/values.ts";
import { serverCreated } from "#features/mcp/events.ts";
import { NO_CREDENTIALS, sealCredentials } from "#features/mcp/seal-credentials.ts";
import { serverCredentialRow, toMcpServer } from "#features/mcp/servers/repository.ts";
import { requireAllowedTarget } from "#features/mcp/servers/require-allowed-target.ts";
import type { CreateMcpServerInput, McpServer } from "#features/mcp/servers/schema.ts";

/** Registers a server. Nothing is called and no process is started. */
export async function createServer(ctx: Context, input: CreateMcpServerInput): Promise<McpServer> {
  const isProcess = input.transport === "stdio";
  const command = isProcess ? (input.command ?? "") : "";
  const url = isProcess ? "" : (input.url?.trim() ?? "");
  await requireAllowedTarget(ctx, { transport: input.transport, command, url });

  return mutate(ctx, serverCreated, async (queries) => {
    const now = toTimestamp(ctx.clock.now());
    const place = { id: newId(), tenant_id: ctx.tenantId };
    const { columns } = sealCredentials(input, NO_CREDENTIALS, serverCredentialRow(place), ctx.use(secretBox));
    const row: McpServersTable = {
      ...place,
      name: input.name,
      display_name: input.display_name ?? "",
      transport: input.transport,
      command,
      args: toJson(isProcess ? (input.args ?? []) : []),
      url,
      ...columns,
      tool_prefix: input.tool_prefix ?? "",
      timeout_sec: input.timeout_sec ?? DEFAULT_TIMEOUT_SEC,
      settings: toJson(input.settings ?? {}),
      enabled: toBit(input.enabled),
      created_by: ctx.userId,
      created_at: now,
      updated_at: now,
    };
    await queries.insertInto("mcp_servers", row).execute();
    return { entityId: row.id, value: toMcpServer(row), details: { name: row.name, transport: row.transport } };
  }).catch((thrown) => {
    throw isUniqueViolation(thrown) ? alreadyExists("mcp_server", input.name) : thrown;
  });
}

const DEFAULT_TIMEOUT_SEC = LIMITS.mcpCall / 1_000;
