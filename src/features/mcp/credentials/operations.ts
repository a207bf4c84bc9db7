import { ACCESS } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { defineOperation } from "#core/operation.ts";
import { DELETED, Deleted, UPDATED, Updated } from "#core/wire.ts";
import { deleteCredentials } from "#features/mcp/credentials/delete-credentials.ts";
import { findCredentials } from "#features/mcp/credentials/repository.ts";
import { CredentialsPath, CredentialsStatus, SetCredentialsInput } from "#features/mcp/credentials/schema.ts";
import { setCredentials } from "#features/mcp/credentials/set-credentials.ts";
import { credentialsChanged } from "#features/mcp/events.ts";
import { maskCredentials, NO_CREDENTIALS } from "#features/mcp/seal-credentials.ts";
import { getServerRow } from "#features/mcp/servers/repository.ts";

const PATH = "/v1/mcp/servers/{id}/user-credentials";

export const credentialOperations = [
  defineOperation({
    name: "mcp.credentials.get",
    http: { method: "GET", path: PATH },
    access: ACCESS.read,
    summary: "Tell whether the caller has credentials of its own for a server",
    description: "The credentials themselves are never shown.",
    input: CredentialsPath,
    output: CredentialsStatus,
    run: readStatus,
  }),
  defineOperation({
    name: "mcp.credentials.set",
    http: { method: "PUT", path: PATH },
    access: ACCESS.write,
    summary: "Store the caller's own credentials for a server",
    description:
      "They are stored encrypted, and are used instead of the server's in runs of the caller. Of `env`, only variables that the server has too are used.",
    input: SetCredentialsInput,
    output: Updated,
    audit: credentialsChanged,
    example: { input: { api_key: "key-of-mine" }, output: UPDATED },
    run: async (ctx, input) => {
      await setCredentials(ctx, input);
      return UPDATED;
    },
  }),
  defineOperation({
    name: "mcp.credentials.delete",
    http: { method: "DELETE", path: PATH },
    access: ACCESS.write,
    summary: "Delete the caller's own credentials for a server",
    description: "Runs of the caller use the server's credentials again.",
    input: CredentialsPath,
    output: Deleted,
    audit: credentialsChanged,
    run: async (ctx, input) => {
      await deleteCredentials(ctx, input);
      return DELETED;
    },
  }),
];

async function readStatus(ctx: Context, { id }: { readonly id: string }): Promise<CredentialsStatus> {
  const server = await getServerRow(ctx.db.read, id);
  const stored = await findCredentials(ctx.db.read, server.id, ctx.userId);
  const { has_api_key, headers, env } = maskCredentials(stored ?? NO_CREDENTIALS);
  return {
    has_credentials: stored !== undefined,
    has_api_key,
    has_headers: Object.keys(headers).length > 0,
    has_env: Object.keys(env).length > 0,
  };
}
