import { Secret } from "#base/secret.ts";
import type { McpTarget } from "#mcp/mcp-target.ts";

/** Returns what a server is given, so that its answers can be cleaned of it. A scheme such as `Bearer` is no secret. */
export function secretsOf(target: McpTarget): readonly Secret[] {
  const given = Object.values(target.transport === "stdio" ? target.environment : target.headers);
  return given.flatMap((secret) => [secret, new Secret(secret.reveal().replace(/^\w+ /, ""))]);
}
