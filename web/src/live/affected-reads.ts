/** The families of reads that a change to a thing can make stale. A thing that is missing here concerns its plural. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  agent: ["agents", "gateway"],
  agent_instance: ["agents"],
  agent_link: ["agents"],
  api_key: ["api_keys"],
  channel_instance: ["channels"],
  channel_message: ["channels"],
  channel_pairing: ["channels", "devices"],
  config: ["config"],
  custom_tool: ["tools"],
  delegation: ["delegations", "runs"],
  login: ["logins"],
  mcp_request: ["mcp"],
  mcp_server: ["mcp", "tools"],
  media: ["media", "storage"],
  memory: ["memory"],
  provider: ["providers", "models"],
  storage: ["files", "storage"],
  run: ["runs", "sessions", "traces", "usage", "costs", "gateway"],
  tool: ["tools"],
};

/** The single reads that an event makes stale, where others of the family would be in vain. */
const READS: Readonly<Record<string, readonly string[]>> = {
  // The outbox changes with each message, and the accounts do not.
  "channel_message.updated": ["channels.outbound.list"],
  // A server that is asked for its tools connects, so this would go round in a circle.
  "mcp_server.state_changed": ["mcp.servers.list", "mcp.servers.get"],
};

/** Returns the families and the single reads that an event concerns. `event` is a type such as `agent.updated`. */
export function affectedReads(event: string): readonly string[] {
  const thing = event.slice(0, event.indexOf("."));
  return READS[event] ?? FAMILIES[thing] ?? [`${thing}s`];
}
