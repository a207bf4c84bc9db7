import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { AGENT, startToolGateway } from "#features/builtin-tools/tool-run-fixture.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const SECRET = "a-secret-of-the-tool";

describe.each([...testDialects()])("calling a tool without a run on %s", async (dialect) => {
  const gateway = await startToolGateway({ dialect, env: { GOCLAW_TOOLS_EXEC: "master" } });
  const { call } = gateway;
  afterAll(gateway.stop);
  const agentId = await gateway.anAgent(AGENT);
  const bob = await aKey(gateway, ["write"], { owner_id: "bob" });
  await call("POST", `/v1/agents/${AGENT}/shares`, { user_id: "bob" });
  const invoke = (body: object, options = {}) => call("POST", "/v1/tools/invoke", { agentId: AGENT, ...body }, options);
  const failure = async (body: object, options = {}) => {
    const { status, body: answer } = await invoke(body, options);
    return [status, answer.error.code, answer.error.details?.reason];
  };

  test("returns what the tool says, under either spelling of its fields", async () => {
    const written = await invoke({ tool: "write_file", args: { path: "ghi chú.md", content: "chào 🦊" } });
    expect([written.status, written.body.result]).toMatchObject([200, { forUser: "", metadata: {} }]);
    const read = { name: "read_file", parameters: { path: "ghi chú.md" } };
    expect((await invoke({ ...read, agentId: agentId })).body.result.output).toBe("chào 🦊");
    const byHeader = await call("POST", "/v1/tools/invoke", read, { headers: { "X-GoClaw-Agent-Id": AGENT } });
    expect(byHeader.body.result.output).toBe("chào 🦊");
  });

  test("describes a tool without running it", async () => {
    const { body } = await invoke({ tool: "datetime", dryRun: true });
    expect(body).toEqual({
      tool: "datetime",
      description: expect.any(String),
      parameters: expect.objectContaining({ type: "object" }),
      dryRun: true,
    });
    expect((await invoke({ tool: "write_file", dryRun: true }, bob)).status).toBe(200);
  });

  test("a tool that fails answers with its own words, and one that is not there with 404", async () => {
    const { status, body } = await invoke({ tool: "read_file", args: { path: "missing.txt" } });
    expect([status, body.error.code, body.error.details.reason]).toEqual([400, "INVALID_REQUEST", "tool_error"]);
    expect(body.error.message).toBe('There is no "missing.txt" in the workspace.');
    expect(await failure({ tool: "read_file", args: { path: "../x" } })).toEqual([
      400,
      "INVALID_REQUEST",
      "tool_error",
    ]);
    expect(await failure({ tool: "read_file", args: {} })).toEqual([400, "INVALID_REQUEST", "tool_error"]);
    for (const dryRun of [true, false]) {
      expect(await failure({ tool: "nope", dryRun })).toEqual([404, "NOT_FOUND", undefined]);
    }
    expect(await failure({ tool: "datetime", agentId: "nobody" })).toEqual([404, "NOT_FOUND", undefined]);
    expect(await failure({})).toEqual([400, "INVALID_REQUEST", undefined]);
    expect(await failure({ tool: "datetime", args: "x" })).toEqual([400, "INVALID_REQUEST", undefined]);
  });

  test("says of each tool whether the agent has it, and which rule decided", async () => {
    const limited = await gateway.anAgent("limited-tools");
    await call("PUT", `/v1/agents/${limited}`, { tools_config: { deny: ["group:web"] } });
    const { tools } = (await call("GET", `/v1/agents/${limited}/tools`)).body;
    const find = (name: string) => tools.find((tool: { name: string }) => tool.name === name);
    expect(find("web_fetch")).toMatchObject({ group: "web", is_available: false, rule: "agent_deny" });
    expect(find("datetime")).toMatchObject({ is_available: true, is_deferred: false, rule: "profile" });
    for (const path of ["limited-tools/tools", `${AGENT}/tools?user_id=ada`]) {
      expect((await call("GET", `/v1/agents/${path}`, undefined, bob)).status).toBe(403);
    }
    expect((await call("GET", `/v1/agents/${AGENT}/tools`, undefined, bob)).status).toBe(200);
  });

  test("the agent's policy and the tenant's switches count", async () => {
    await gateway.anAgent("narrow");
    const update = (tools_config: object) => call("PUT", "/v1/agents/narrow", { tools_config });
    await update({ deny: ["datetime"] });
    expect(await failure({ tool: "datetime", agentId: "narrow" })).toEqual([404, "NOT_FOUND", undefined]);
    await update({});
    expect((await invoke({ tool: "datetime", agentId: "narrow" })).status).toBe(200);
    await call("PUT", "/v1/tools/builtin/datetime", { enabled: false });
    expect(await failure({ tool: "datetime" })).toEqual([404, "NOT_FOUND", undefined]);
    await call("PUT", "/v1/tools/builtin/datetime", { enabled: true });
  });

  test("commands and changes of files are for administrators, or by an agent that allows them by name", async () => {
    const commands = [
      { tool: "exec", args: { command: "echo hi" } },
      { tool: "write_file", args: { path: "b.md", content: "b" } },
    ];
    for (const command of commands) {
      expect((await invoke(command)).status).toBe(200);
      expect(await failure(command, bob)).toEqual([403, "UNAUTHORIZED", undefined]);
    }
    expect((await invoke({ tool: "list_files" }, bob)).status).toBe(200);
    await gateway.anAgent("open");
    await call("PUT", "/v1/agents/open", { tools_config: { alsoAllow: ["exec", "group:fs"] } });
    await call("POST", "/v1/agents/open/shares", { user_id: "bob" });
    for (const command of commands) expect((await invoke({ ...command, agentId: "open" }, bob)).status).toBe(200);
  });

  test("agents of others and of other tenants are closed", async () => {
    await gateway.anAgent("closed");
    expect(await failure({ tool: "datetime", agentId: "closed" }, bob)).toEqual([403, "UNAUTHORIZED", undefined]);
    await aTenant(gateway, "elsewhere");
    const other = await aKey(gateway, ["admin"], { tenant: "elsewhere" });
    expect(await failure({ tool: "datetime", agentId }, other)).toEqual([404, "NOT_FOUND", undefined]);
  });

  test("custom tools are called too, and their variables appear nowhere", async () => {
    const command = "awk 'BEGIN { print ENVIRON[\"TOKEN\"] }'";
    await call("POST", "/v1/tools/custom", { name: "show", command, env: { TOKEN: SECRET }, effect: "read" });
    await call("POST", "/v1/tools/custom", {
      name: "fail",
      command: "sh -c 'echo $TOKEN >&2; exit 3'",
      env: { TOKEN: SECRET },
    });
    const shown = await invoke({ tool: "show" });
    expect(shown.body.result.output).toBe("[REDACTED]");
    const failed = await invoke({ tool: "fail" });
    expect([failed.status, failed.text.includes(SECRET)]).toEqual([400, false]);
    expect(failed.body.error.message).toContain("failed with exit code 3");
  });

  test("a call is on record in the activity log and in the traces", async () => {
    const db = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
    await invoke({ tool: "datetime" });
    const log = db.read.selectFrom("activity_logs").selectAll().where("action", "=", "tool.invoked");
    const rows = await log.where("entity_id", "=", "datetime").execute();
    expect(rows.map(({ details }) => JSON.parse(details ?? ""))).toContainEqual({ agent_key: AGENT, effect: "read" });
    const spans = db.read.selectFrom("spans").selectAll().where("tool_name", "=", "datetime");
    while ((await spans.execute()).length === 0) await Bun.sleep(50);
    expect((await spans.execute())[0]).toMatchObject({ run_id: "", span_type: "tool_call", status: "completed" });
  });

  test("a repeated call under one idempotency key runs once", async () => {
    const headers = { "Idempotency-Key": `append-${dialect}` };
    const append = { tool: "exec", args: { command: "echo x >> count.txt; wc -l < count.txt" } };
    const [first, second] = [await invoke(append, { headers }), await invoke(append, { headers })];
    expect(first.body.result.output.trim()).toBe("1");
    expect([second.body, second.headers.get("idempotency-replayed")]).toEqual([first.body, "true"]);
  });
});
