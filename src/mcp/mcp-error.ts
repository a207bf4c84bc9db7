export type McpErrorKind =
  /** The server could not be started or reached, or refused the handshake. */
  | "unreachable"
  | "timeout"
  | "aborted"
  /** The connection broke. A call may have had its effect. */
  | "closed"
  /** The server forgot the session and did not look at the request. */
  | "session_lost"
  /** The server broke a limit or the protocol. */
  | "misbehaved"
  /** The server answered the request with an error. */
  | "refused"
  /** The server is in a pause after failures. */
  | "resting";

export interface McpErrorOptions {
  readonly detail?: string;
  readonly code?: number;
  readonly cause?: unknown;
}

/** A failure of an MCP server. */
export class McpError extends Error {
  override readonly name = "McpError";
  readonly kind: McpErrorKind;
  /** The server's own words. They are untrusted. */
  readonly detail: string;
  /** The JSON-RPC code of a refusal. */
  readonly code: number | undefined;

  constructor(kind: McpErrorKind, message: string, options: McpErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.detail = options.detail ?? "";
    this.code = options.code;
  }
}
