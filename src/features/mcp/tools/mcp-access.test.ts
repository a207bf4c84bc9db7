import { afterAll, describe, expect, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { TenantDatabase } from "#db/database.ts";
import { AGENT, startToolGateway } from "#features/builtin-tools/tool-run-fixture.ts";
import { createMcpToolSource } from "#features/mcp/tools/create-mcp-tool-source.ts";
import { mcpAccess } from "#features/mcp/tools/mcp-access.ts";
import { MODULES, officialServer } from "#testing/mcp/start-everything-server.ts";
import { startMcpServer } from "#testing/mcp/start-mcp-server.ts";
import { testDialects } from "#testing/test-database.ts";

const SERVERS = "/v1/mcp/servers";

describe.each([...testDialects()])("access to MCP servers on %s", async (dialect) => {
  const remote = startMcpServer();
  const gateway = await startToolGateway({
    dialect,
    allowHosts: [remote.host],
    // Where there is a sandbox, it shows only what the operator names.
    env: { GOCLAW_SANDBOX_READ_ONLY: MODULES },
  });
  const { call, useOne } = gateway;
  afterAll(async () => {
    await gateway.stop();
    await remote.stop();
  });
  const agentId = await gateway.anAgent(AGENT);
  const connect = async (input: object): Promise<string> => {
    const { status, body } = await call("POST", SERVERS, input);
    expect(status).toBe(201);
    await call("POST", `${SERVERS}/${body.id}/grants/agent`, { agent_id: AGENT });
    return body.id;
  };

  test("costs no query and keeps the same tools while nothing changes", async () => {
    const id = await connect({ name: "near", transport: "streamable-http", url: remote.url });
    const source = createMcpToolSource(gateway.gateway.services.use(mcpAccess));
    const agent = { id: agentId, provider: AGENT, toolsConfig: {} };
    const db = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
    const first = await source.load(db, { agent, userId: "ada" });
    expect([...first.tools.keys()]).toEqual(["mcp_near__echo"]);
    const unused = new Proxy({ tenantId: MASTER_TENANT_ID } as TenantDatabase, {
      get: (target, name) => {
        if (name === "tenantId") return target.tenantId;
        throw new Error("the database was asked");
      },
    });
    expect(await source.load(unused, { agent, userId: "ada" })).toBe(first);
    await source.load(db, { agent, userId: "bob" });
    // Users with the same rights share one set.
    expect(await source.load(unused, { agent, userId: "bob" })).toBe(first);
    await call("PUT", `${SERVERS}/${id}`, { settings: { tool_hints: { tools: { echo: "Loudly." } } } });
    const changed = await source.load(db, { agent, userId: "ada" });
    expect(changed.tools.get("mcp_near__echo")?.description).toBe("Returns its text\nLoudly.");
    await call("DELETE", `${SERVERS}/${id}`);
    expect((await source.load(db, { agent, userId: "ada" })).tools.size).toBe(0);
  });

  test("starts the process of a server with the first use, and ends it with the server", async () => {
    const script = officialServer("memory");
    const before = await childrenOf(script);
    const id = await connect({
      ...{ name: "memory", transport: "stdio", command: process.execPath, args: ["--no-env-file", script] },
      env: { SECRET: "planted" },
    });
    const file = join(gateway.home, "mcp", MASTER_TENANT_ID, id, "memory.json");
    await call("PUT", `${SERVERS}/${id}`, { env: { MEMORY_FILE_PATH: file } });
    await call("GET", SERVERS);
    expect(await childrenOf(script)).toBe(before);
    const entities = [{ name: "Ada", entityType: "person", observations: ["likes engines"] }];
    expect(await useOne("mcp_memory__create_entities", { entities })).toContain("likes engines");
    expect(await useOne("mcp_memory__read_graph", {})).toContain("likes engines");
    expect(await childrenOf(script)).toBeGreaterThan(before);
    await call("DELETE", `${SERVERS}/${id}`);
    for (let attempt = 0; attempt < 200 && (await childrenOf(script)) > before; attempt++) await Bun.sleep(20);
    expect(await childrenOf(script)).toBe(before);
  });
});

/** Counts the processes of this machine that run a script. */
async function childrenOf(script: string): Promise<number> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(ids.map((id) => readFile(join("/proc", id, "cmdline"), "utf8").catch(() => "")));
  return commands.filter((command) => command.includes(script)).length;
}

test("a server whose name leads to another address later is not called there", async () => {
  const remote = startMcpServer();
  const port = remote.host.split(":")[1];
  let address = "1.1.1.1";
  const gateway = await startToolGateway({ resolve: async () => [address] });
  await gateway.anAgent(AGENT);
  // On an unusual port no name is allowed for the web, but MCP servers may have any.
  const body = { name: "moving", transport: "streamable-http", url: `http://mcp.example:${port}/mcp` };
  const { id } = (await gateway.call("POST", SERVERS, body)).body;
  address = "127.0.0.1";
  const tools = await gateway.call("GET", `${SERVERS}/${id}/tools`);
  expect(tools.body).toEqual({ tools: [], error: "this address is not allowed" });
  expect(remote.received).toEqual([]);
  await gateway.stop();
  await remote.stop();
});
