import type { McpUserCredentialsTable } from "#db/mcp-tables.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import type { CredentialRow } from "#features/mcp/seal-credentials.ts";

/** Returns the place to which the credentials of a user are sealed. */
export const userCredentialRow = ({
  server_id,
  user_id,
  tenant_id,
}: Pick<McpUserCredentialsTable, "server_id" | "user_id" | "tenant_id">): CredentialRow => ({
  table: "mcp_user_credentials",
  row: `${server_id}:${user_id}`,
  tenant: tenant_id,
});

export const findCredentials = (
  queries: TenantReads,
  serverId: string,
  userId: string,
): Promise<McpUserCredentialsTable | undefined> =>
  queries
    .selectFrom("mcp_user_credentials")
    .selectAll()
    .where("server_id", "=", serverId)
    .where("user_id", "=", userId)
    .executeTakeFirst();
