import type { Secret } from "#base/secret.ts";
import type { Context } from "#core/context.ts";
import { fromBit } from "#db/values.ts";
import { describeFailure } from "#features/mcp/describe-failure.ts";
import { getServerRow } from "#features/mcp/servers/repository.ts";
import type { McpServerTools } from "#features/mcp/servers/schema.ts";
import { type AccessServer, toAccessServer } from "#features/mcp/tools/access-server.ts";
import { mcpAccess } from "#features/mcp/tools/mcp-access.ts";
import { type ListedTool, McpError, nameTools, toolPrefixOf } from "#mcp/index.ts";

/** Lists the tools of a server, as it lists them for its own credentials. */
export async function listServerTools(ctx: Context, input: { readonly id: string }): Promise<McpServerTools> {
  const row = await getServerRow(ctx.db.read, input.id);
  if (!fromBit(row.enabled)) return { tools: [], error: "the server is switched off" };
  const server = toAccessServer(row);
  let secrets: readonly Secret[] = [];
  try {
    const pooled = ctx.use(mcpAccess).connect(server);
    ({ secrets } = pooled);
    return { tools: withCallNames(server, await pooled.listTools()) };
  } catch (thrown) {
    if (!(thrown instanceof McpError)) throw thrown;
    return { tools: [], error: describeFailure(thrown, secrets) };
  }
}

function withCallNames(server: AccessServer, tools: readonly ListedTool[]): McpServerTools["tools"] {
  const place = { id: server.id, prefix: toolPrefixOf(server) };
  const names = nameTools(
    place,
    tools.map(({ name }) => name),
    new Set(),
  );
  return tools.map(({ name, description }, index) => ({
    name,
    ...(description !== "" && { description }),
    call_name: names[index] ?? name,
  }));
}
