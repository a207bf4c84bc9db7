import type { McpUserCredentialsTable } from "#db/mcp-tables.ts";
import type { AccessServer } from "#features/mcp/tools/access-server.ts";
import type { AgentGrant } from "#features/mcp/tools/read-access.ts";
import type { ToolFilter } from "#features/mcp/tools/tool-filter.ts";

/** What is stored about one user, by the ids of servers. */
export interface UserRules {
  readonly grants: ReadonlyMap<string, { readonly isEnabled: boolean; readonly filter: ToolFilter }>;
  readonly credentials: ReadonlyMap<string, McpUserCredentialsTable>;
}

/** A server that an agent may use for a user. */
export interface GrantedServer {
  readonly server: AccessServer;
  /** A tool needs the permission of all of them. */
  readonly filters: readonly ToolFilter[];
  /** The user's own credentials for the server. */
  readonly credentials: McpUserCredentialsTable | undefined;
}

/** Applies what is stored about a user to the servers of an agent. Without a user, no user's rules apply. */
export function toGrantedServers(
  grants: readonly AgentGrant[],
  rules: UserRules | undefined,
): readonly GrantedServer[] {
  return grants.flatMap(({ server, filter }): readonly GrantedServer[] => {
    const grant = rules?.grants.get(server.id);
    const credentials = rules?.credentials.get(server.id);
    if (grant?.isEnabled === false) return [];
    if (server.settings.require_user_credentials === true && !credentials) return [];
    return [{ server, filters: grant ? [filter, grant.filter] : [filter], credentials }];
  });
}
