import { z } from "zod";
import { credentialFields } from "#features/mcp/credentials-schema.ts";
import { ServerPath } from "#features/mcp/servers/schema.ts";

export const CredentialsPath = ServerPath;

export const SetCredentialsInput = ServerPath.extend(credentialFields).meta({ id: "SetMcpCredentialsInput" });
export type SetCredentialsInput = z.infer<typeof SetCredentialsInput>;

/** What is stored of a user's own credentials. */
export const CredentialsStatus = z
  .object({ has_credentials: z.boolean(), has_api_key: z.boolean(), has_headers: z.boolean(), has_env: z.boolean() })
  .meta({ id: "McpCredentialsStatus" });
export type CredentialsStatus = z.infer<typeof CredentialsStatus>;
