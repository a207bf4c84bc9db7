import type { RichMaker } from "#testing/browser/rich-data/rich-maker.ts";

const word = (name: string, description: string) => ({
  ...{ type: "object", properties: { [name]: { type: "string", description } }, required: [name] },
});

const CUSTOM_TOOLS = [
  {
    ...{ name: "order_status", description: "Find an order of the shop by its number", effect: "read" },
    command: "echo Order {{.order}}: paid, packed on Monday, with the carrier since Tuesday, due on Thursday",
    ...{ parameters: word("order", "Such as A-10442"), tags: ["shop"], timeout_seconds: 15 },
  },
  {
    ...{ name: "exchange_rate", description: "Today's rate of a currency to the euro", effect: "read" },
    command: "echo 1 EUR = 28450.50 {{.currency}}",
    ...{ parameters: word("currency", "ISO 4217"), tags: ["finance"], agent_id: "ke-toan" },
    env: { RATES_TOKEN: "planted-rates-token" },
  },
  {
    ...{ name: "deploy_preview", description: "Deploys a branch to a preview environment", effect: "once" },
    ...{ command: "deploy --branch {{.branch}}", parameters: word("branch", "A branch of git"), agent_id: "release" },
    ...{ requires: ["deploy"], tags: ["ci", "dangerous"], timeout_seconds: 600, enabled: false },
  },
];

/** The names of the MCP servers. */
export const RICH_MCP = { working: "tickets", broken: "warehouse" } as const;

/** Adds custom tools and MCP servers, and changes some built-in tools. */
export async function addTools({ send, services }: RichMaker): Promise<void> {
  for (const tool of CUSTOM_TOOLS) await send("POST", "/v1/tools/custom", tool);
  await send("PUT", "/v1/tools/builtin/web_fetch", { settings: { blocked_domains: ["ads.example.com"] } });
  await send("PUT", "/v1/tools/builtin/read_audio", { enabled: false });

  const transport = "streamable-http";
  const tickets = await send("POST", "/v1/mcp/servers", {
    ...{ name: RICH_MCP.working, display_name: "Tickets", transport, url: services.mcp.url },
    ...{ api_key: "planted-tickets-key", timeout_sec: 30 },
    settings: { tool_hints: { global: "Projects are OPS, SHOP and WEB." } },
  });
  const warehouse = await send("POST", "/v1/mcp/servers", {
    ...{ name: RICH_MCP.broken, display_name: "Warehouse", transport, url: `${services.nowhere}/mcp` },
  });
  for (const agent_id of ["release", "support"]) {
    await send("POST", `/v1/mcp/servers/${tickets.id}/grants/agent`, { agent_id });
  }
  await send("POST", `/v1/mcp/servers/${warehouse.id}/grants/agent`, { agent_id: "analyst" });
  await send("POST", `/v1/mcp/servers/${tickets.id}/grants/user`, { user_id: "minh", tool_deny: ["create_ticket"] });
  await send(
    "POST",
    "/v1/mcp/requests",
    { server_id: tickets.id, scope: "agent", agent_id: "writer", reason: "To write about what was fixed" },
    { user: "grace" },
  );
}
