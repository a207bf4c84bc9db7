import type { SecretBox } from "#base/secret-box.ts";
import type { McpUserCredentialsTable } from "#db/mcp-tables.ts";
import { userCredentialRow } from "#features/mcp/credentials/repository.ts";
import { type OpenCredentials, openCredentials } from "#features/mcp/seal-credentials.ts";

/**
 * Replaces credentials of a server by those of a user. Of variables, a user sets only those that the server has, because
 * any other could change what its process does.
 */
export function withUserCredentials(
  shared: OpenCredentials,
  stored: McpUserCredentialsTable,
  secretBox: SecretBox,
): OpenCredentials {
  const own = openCredentials(stored, userCredentialRow(stored), secretBox);
  const env = Object.entries(own.env).filter(([name]) => Object.hasOwn(shared.env, name));
  return {
    apiKey: own.apiKey.isEmpty ? shared.apiKey : own.apiKey,
    headers: { ...shared.headers, ...own.headers },
    env: { ...shared.env, ...Object.fromEntries(env) },
  };
}
