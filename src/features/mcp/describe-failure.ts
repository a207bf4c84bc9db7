import type { McpError } from "#mcp/index.ts";

/** Returns why a server does not work. What the server itself said stands in quotes. */
export const describeFailure = ({ message, detail }: McpError): string =>
  detail === "" ? message : `${message}: "${detail.replace(/\p{Cc}+/gu, " ")}"`;
