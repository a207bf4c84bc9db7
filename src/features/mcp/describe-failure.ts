import { createScrubber } from "#base/scrub-credentials.ts";
import type { Secret } from "#base/secret.ts";
import type { McpError } from "#mcp/index.ts";

/** Returns why a server does not work. What the server itself said stands in quotes, without what it was given. */
export function describeFailure({ message, detail }: McpError, secrets: readonly Secret[]): string {
  if (detail === "") return message;
  const words = createScrubber({ usesPatterns: true, secrets: [] }).scrub(detail, secrets);
  return `${message}: "${words.replace(/\p{Cc}+/gu, " ")}"`;
}
