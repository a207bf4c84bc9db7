import { BoundedCache } from "#base/caches/bounded-cache.ts";
import { LIMITS } from "#base/limits.ts";
import { createMcpTool } from "#features/mcp/tools/create-mcp-tool.ts";
import type { GrantedServer } from "#features/mcp/tools/granted-server.ts";
import type { McpAccess } from "#features/mcp/tools/mcp-access.ts";
import { isPermitted } from "#features/mcp/tools/tool-filter.ts";
import { type ListedTool, McpError, nameTools, toolPrefixOf } from "#mcp/index.ts";
import type { Tool, ToolSet, ToolSource } from "#runtime/tools/index.ts";

interface Composed {
  readonly lists: readonly (readonly ListedTool[])[];
  readonly set: ToolSet;
}

const MAX_COMPOSED = 10_000;
const NO_TOOLS: readonly ListedTool[] = [];
const EMPTY: ToolSet = { version: "no servers", tools: new Map() };

/**
 * Creates the source of the tools of MCP servers. Users with the same rights share one set, which stays the same until a
 * right or the list of a server changes. A server that does not answer leaves out only its own tools.
 */
export function createMcpToolSource(access: McpAccess): ToolSource {
  const composed = new BoundedCache<string, Composed>({ max: MAX_COMPOSED });
  return {
    async load(db, { agent, userId }) {
      const granted = await access.findServers(db, agent.id, userId);
      if (granted.length === 0) return EMPTY;
      const lists = await Promise.all(granted.map((server) => listTools(server, access)));
      const key = JSON.stringify([db.tenantId, agent.id, granted.map(rightsOf)]);
      const known = composed.get(key);
      if (known && lists.every((list, index) => list === known.lists[index])) return known.set;
      const set = compose(granted, lists, access);
      composed.set(key, { lists, set });
      return set;
    },
  };
}

async function listTools({ server, credentials }: GrantedServer, access: McpAccess): Promise<readonly ListedTool[]> {
  try {
    return (await access.connect(server, credentials).findTools(LIMITS.mcpListWait)) ?? NO_TOOLS;
  } catch (thrown) {
    if (thrown instanceof McpError) return NO_TOOLS;
    throw thrown;
  }
}

/** Returns what decides about the tools of a server, beside its list. */
const rightsOf = ({ server, filters, credentials }: GrantedServer) => [
  server.id,
  server.revision,
  filters,
  // The server may list other tools for a user's own credentials.
  credentials?.user_id ?? "",
];

function compose(
  granted: readonly GrantedServer[],
  lists: readonly (readonly ListedTool[])[],
  access: McpAccess,
): ToolSet {
  const taken = new Set<string>();
  const tools = new Map<string, Tool>();
  for (const [index, { server, filters }] of granted.entries()) {
    const listed = lists[index] ?? NO_TOOLS;
    const place = { id: server.id, prefix: toolPrefixOf(server) };
    const names = nameTools(
      place,
      listed.map(({ name }) => name),
      taken,
    );
    for (const [position, tool] of listed.entries()) {
      const name = names[position];
      if (name === undefined || !isPermitted(tool.name, filters)) continue;
      tools.set(name, createMcpTool(name, tool, server, access));
    }
  }
  return { version: tools, tools };
}
