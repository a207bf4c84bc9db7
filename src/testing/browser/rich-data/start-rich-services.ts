import { FakeTelegram } from "#testing/channels/fake-telegram.ts";
import { type McpServer, startMcpServer, textResult } from "#testing/mcp/start-mcp-server.ts";

/** The services of others that the company uses. */
export interface RichServices {
  readonly mcp: McpServer;
  readonly telegram: FakeTelegram;
  /** An address at which nothing listens. */
  readonly nowhere: string;
  /** What egress must allow. */
  readonly allowHosts: readonly string[];
  stop(): Promise<void>;
}

const text = (description: string) => ({ type: "string", description });
const TOOLS = [
  {
    name: "search_tickets",
    description: "Search the tickets of all projects by words, state and assignee",
    inputSchema: { type: "object", properties: { query: text("Words"), state: text("open or closed") } },
    annotations: { readOnlyHint: true },
  },
  {
    name: "get_ticket",
    description: "Read a ticket with its comments",
    inputSchema: { type: "object", properties: { id: text("Such as OPS-412") }, required: ["id"] },
    annotations: { readOnlyHint: true },
  },
  {
    name: "create_ticket",
    description: "Create a ticket in a project",
    inputSchema: {
      type: "object",
      properties: { project: text("Its key"), title: text("One line"), body: text("Markdown") },
      required: ["project", "title"],
    },
  },
  {
    name: "add_comment",
    description: "Add a comment to a ticket",
    inputSchema: { type: "object", properties: { id: text("The ticket"), body: text("Markdown") }, required: ["id"] },
  },
];

const RESULTS: Readonly<Record<string, string>> = {
  search_tickets: JSON.stringify([
    { id: "OPS-412", title: "Nightly backup takes 40 minutes longer", state: "open", assignee: "minh" },
    { id: "OPS-398", title: "Disk of db-2 above 85 %", state: "open", assignee: "grace" },
    { id: "OPS-377", title: "Rotate the signing keys", state: "closed", assignee: "ada" },
  ]),
  create_ticket: JSON.stringify({ id: "OPS-419", url: "https://tickets.example.com/OPS-419" }),
};

/** Starts the services, which talk to nobody. */
export async function startRichServices(): Promise<RichServices> {
  const mcp = startMcpServer({
    list: () => ({ tools: TOOLS }),
    call: ({ params }) => textResult(RESULTS[String(params.name)] ?? "OPS-412 is assigned to minh, due on Friday."),
  });
  const telegram = new FakeTelegram();
  const closed = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const nowhere = `127.0.0.1:${closed.port}`;
  await closed.stop(true);
  return {
    ...{ mcp, telegram, nowhere: `http://${nowhere}` },
    allowHosts: [mcp.host, `127.0.0.1:${telegram.port}`, nowhere],
    async stop() {
      await mcp.stop();
      await telegram.stop();
    },
  };
}
