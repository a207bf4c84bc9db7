import type { TenantId } from "#base/ids.ts";
import { Secret } from "#base/secret.ts";
import { referencedVariable } from "#features/mcp/credentials-schema.ts";
import type { McpSettings } from "#features/mcp/mcp-settings.ts";
import type { OpenCredentials } from "#features/mcp/seal-credentials.ts";
import { McpError, type McpTarget } from "#mcp/index.ts";

export interface TargetSource {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly transport: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly url: string;
}

/**
 * Returns where a server is and what it is given. Throws `McpError` if the operator allows no processes. `env:NAME`
 * stands for a variable of the gateway, of which only harmless ones exist here.
 */
export function toTarget(server: TargetSource, credentials: OpenCredentials, settings: McpSettings): McpTarget {
  const { apiKey } = credentials;
  const resolve = (values: Readonly<Record<string, Secret>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, resolveReference(value, settings)]));
  if (server.transport === "stdio") {
    if (settings.stdio === "off") throw new McpError("unreachable", "this gateway starts no processes of MCP servers");
    return {
      transport: "stdio",
      command: server.command,
      args: server.args,
      environment: { ...(!apiKey.isEmpty && { API_KEY: apiKey }), ...resolve(credentials.env) },
      directory: settings.directoryOf(server.tenantId, server.id),
    };
  }
  const bearer = apiKey.isEmpty ? {} : { Authorization: new Secret(`Bearer ${apiKey.reveal()}`) };
  return {
    transport: server.transport === "sse" ? "sse" : "streamable-http",
    url: server.url,
    headers: { ...bearer, ...resolve(credentials.headers) },
  };
}

function resolveReference(value: Secret, { environment }: McpSettings): Secret {
  const variable = referencedVariable(value.reveal());
  return variable === undefined ? value : new Secret(environment[variable] ?? "");
}
