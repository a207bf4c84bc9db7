import { EgressError } from "#base/egress/egress-error.ts";
import { AppError } from "#base/errors.ts";
import { isRecord, recordOf } from "#base/json.ts";
import { STREAM_ENDED } from "#mcp/guarded-transport.ts";
import { McpError } from "#mcp/mcp-error.ts";

const DETAIL_CHARS = 500;
const HTTP_BAD_REQUEST = 400;
const HTTP_NOT_FOUND = 404;

/** Converts what the SDK and the transports throw. The SDK's classes are loaded late, so their fields tell the kind. */
export function toMcpError(thrown: unknown, hasSession: boolean): McpError {
  const cause = innermost(thrown);
  if (cause instanceof McpError) return cause;
  if (cause instanceof AppError) {
    return new McpError(
      "unreachable",
      `this gateway may not start the server (${cause.options.reason ?? cause.code})`,
      { cause },
    );
  }
  if (cause instanceof EgressError) return fromEgress(cause);
  const code = isRecord(cause) ? cause.code : undefined;
  const { status, text } = isRecord(cause) ? recordOf(cause.data) : {};
  if (hasSession && isSessionLost(status, text)) return new McpError("session_lost", "the server forgot the session");
  if (typeof status === "number") return new McpError("unreachable", `the server answered HTTP ${status}`, { cause });
  if (code === "REQUEST_TIMEOUT") return new McpError("timeout", "the server took too long", { cause });
  if (code === "CONNECTION_CLOSED" || code === "NOT_CONNECTED")
    return new McpError("closed", "the connection to the server broke", { cause });
  if (code === "INVALID_RESULT") return new McpError("misbehaved", "the server's answer does not fit the protocol");
  if (code === STREAM_ENDED) return new McpError("closed", "the server ended its stream without an answer");
  if (typeof code === "number") {
    const detail = cause instanceof Error ? cause.message.slice(0, DETAIL_CHARS) : "";
    return new McpError("refused", `the server refused the request (${code})`, { detail, code, cause });
  }
  return new McpError("unreachable", "the server does not speak MCP here, or the connection failed", { cause });
}

/** The protocol demands 404. Many servers answer 400 and say in words that they do not know the session. */
const isSessionLost = (status: unknown, text: unknown): boolean =>
  status === HTTP_NOT_FOUND || (status === HTTP_BAD_REQUEST && typeof text === "string" && /session/i.test(text));

function fromEgress(error: EgressError): McpError {
  switch (error.kind) {
    case "aborted":
      return new McpError("aborted", "the call was stopped", { cause: error });
    case "timeout":
      return new McpError("timeout", error.message, { cause: error });
    case "too_large":
      return new McpError("misbehaved", error.message, { cause: error });
    case "network":
      return new McpError("closed", error.message, { cause: error });
    default:
      return new McpError("unreachable", error.message, { cause: error });
  }
}

/** Libraries wrap the errors of their `fetch` and their streams. */
function innermost(thrown: unknown): unknown {
  let current = thrown;
  for (let depth = 0; depth < 5 && isWrapper(current); depth++) current = current.cause;
  return current;
}

const isWrapper = (thrown: unknown): thrown is Error & { readonly cause: Error } =>
  thrown instanceof Error &&
  thrown.cause instanceof Error &&
  !(thrown instanceof McpError) &&
  !(thrown instanceof EgressError);
