import type { InputOf } from "#client/index.ts";
import type { ListedServer } from "#web/screens/tools/mcp/mcp-tab.tsx";
import { fromPairs, type SecretPair, toStoredPairs } from "#web/screens/tools/parts/secret-pairs.tsx";

type ServerInput = InputOf<"mcp.servers.create">;

/** A server as its form holds it. */
export interface McpDraft {
  readonly name: string;
  readonly display_name: string;
  readonly transport: ServerInput["transport"];
  readonly url: string;
  readonly command: string;
  /** One argument on each line. */
  readonly args: string;
  readonly api_key: string;
  readonly headers: SecretPair[];
  readonly env: SecretPair[];
  readonly timeout_sec: string;
  readonly tool_prefix: string;
  readonly require_user_credentials: boolean;
}

/** Returns what the form begins with: the server, or nothing for a new one. */
export const toMcpDraft = (server?: ListedServer): McpDraft => ({
  name: server?.name ?? "",
  display_name: server?.display_name ?? "",
  // Safe: the gateway stores no other transports.
  transport: (server?.transport ?? "streamable-http") as McpDraft["transport"],
  url: server?.url ?? "",
  command: server?.command ?? "",
  args: (server?.args ?? []).join("\n"),
  api_key: "",
  headers: toStoredPairs(Object.keys(server?.headers ?? {})),
  env: toStoredPairs(Object.keys(server?.env ?? {})),
  timeout_sec: server ? String(server.timeout_sec) : "",
  tool_prefix: server?.tool_prefix ?? "",
  require_user_credentials: server?.settings.require_user_credentials === true,
});

/** Returns how the server of a draft is reached, for a test. */
export function toConnection(draft: McpDraft): InputOf<"mcp.servers.test"> {
  const isProcess = draft.transport === "stdio";
  return {
    transport: draft.transport,
    ...(isProcess
      ? { command: draft.command, args: draft.args.split("\n").filter(Boolean), env: fromPairs(draft.env) }
      : { url: draft.url, headers: fromPairs(draft.headers) }),
    ...(draft.api_key !== "" && { api_key: draft.api_key }),
    timeout_sec: draft.timeout_sec === "" ? 0 : Number(draft.timeout_sec),
  };
}

/** Returns what the gateway stores of a draft. Settings that the form does not know stay. */
export const fromMcpDraft = (draft: McpDraft, server?: ListedServer): ServerInput => ({
  ...toConnection(draft),
  name: draft.name,
  display_name: draft.display_name,
  tool_prefix: draft.tool_prefix,
  settings: { ...server?.settings, require_user_credentials: draft.require_user_credentials },
});
