import { toTimestamp } from "#base/clock.ts";
import { alreadyExists } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { secretBox } from "#core/platform.ts";
import { type Destination, requireSameDestination } from "#core/require-same-destination.ts";
import { isUniqueViolation } from "#db/errors.ts";
import type { McpServersTable } from "#db/mcp-tables.ts";
import { toBit, toJson } from "#db/values.ts";
import { serverUpdated } from "#features/mcp/events.ts";
import { sealCredentials } from "#features/mcp/seal-credentials.ts";
import { getServerRow, lockServerRow, serverCredentialRow } from "#features/mcp/servers/repository.ts";
import { requireAllowedTarget } from "#features/mcp/servers/require-allowed-target.ts";
import type { Transport, UpdateMcpServerInput } from "#features/mcp/servers/schema.ts";

/**
 * Changes a server. Stored credentials stay only while they go to the same place, and those of users are deleted when it
 * changes. Open connections end, and the next use connects to the changed server.
 */
export async function updateServer(ctx: Context, input: UpdateMcpServerInput): Promise<void> {
  const stored = await getServerRow(ctx.db.read, input.id);
  const changed = toChangedColumns(input);
  await requireAllowedTarget(ctx, targetOf({ ...stored, ...changed }));

  await mutate(ctx, serverUpdated, async (queries) => {
    const row = await lockServerRow(queries, stored.id);
    const credentials = sealCredentials(input, row, serverCredentialRow(row), ctx.use(secretBox));
    const before = destinationOf(row);
    const after = destinationOf({ ...row, ...changed });
    requireSameDestination({ kept: credentials.kept, before, after });
    await queries
      .updateTable("mcp_servers")
      .set({ ...changed, ...credentials.columns, updated_at: toTimestamp(ctx.clock.now()) })
      .where("id", "=", row.id)
      .execute();
    if (Object.keys(after).some((field) => before[field] !== after[field])) {
      await queries.deleteFrom("mcp_user_credentials").where("server_id", "=", row.id).execute();
    }
    const sent = (["api_key", "headers", "env"] as const).filter((field) => input[field]);
    const details = { name: row.name, changed: [...Object.keys(changed), ...sent] };
    return { entityId: row.id, value: undefined, details };
  }).catch((thrown) => {
    throw isUniqueViolation(thrown) ? alreadyExists("mcp_server", input.name ?? stored.name) : thrown;
  });
}

/** Returns the columns that the request changes, without credentials. Null and "" empty a text. */
function toChangedColumns(input: UpdateMcpServerInput): Partial<McpServersTable> {
  const { name, display_name, transport, command, args, url, tool_prefix, timeout_sec, settings, enabled } = input;
  return {
    ...(name !== undefined && { name }),
    ...(display_name !== undefined && { display_name: display_name ?? "" }),
    ...(transport !== undefined && { transport }),
    ...(command && { command }),
    ...(args && { args: toJson(args) }),
    ...(url && { url: url.trim() }),
    ...(tool_prefix !== undefined && { tool_prefix: tool_prefix ?? "" }),
    ...(timeout_sec !== undefined && timeout_sec !== null && { timeout_sec }),
    ...(settings && { settings: toJson(settings) }),
    ...(enabled !== undefined && { enabled: toBit(enabled) }),
  };
}

type TargetColumns = Pick<McpServersTable, "transport" | "command" | "url">;

const targetOf = ({ transport, command, url }: TargetColumns) => ({ transport: transport as Transport, command, url });

const destinationOf = ({ transport, command, url }: TargetColumns): Destination => ({
  transport,
  command: transport === "stdio" ? command : "",
  url: transport === "stdio" ? "" : url,
});
