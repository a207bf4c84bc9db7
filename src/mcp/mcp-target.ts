import type { Secret } from "#base/secret.ts";

/** A server that is reached over HTTP. */
export interface HttpTarget {
  readonly transport: "sse" | "streamable-http";
  readonly url: string;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, Secret>>;
}

/** A server that is a child process. */
export interface StdioTarget {
  readonly transport: "stdio";
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, Secret>>;
  /** The directory that the process may write. It is created when the process starts. */
  readonly directory: string;
}

/** Where an MCP server is, and what it is given to let the gateway in. */
export type McpTarget = HttpTarget | StdioTarget;
