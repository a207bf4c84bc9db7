import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { startToolGateway } from "#features/builtin-tools/tool-run-fixture.ts";
import { aKey } from "#features/tenants/tenant-fixture.ts";
import type { ModelReply } from "#testing/model-server.ts";
import { openSocket } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("delegation on %s", async (dialect) => {
  const gateway = await startToolGateway({ dialect });
  const { call, model } = gateway;
  afterAll(gateway.stop);
  beforeEach(() => {
    model.clear();
    model.script({ text: "nothing to say" });
  });
  for (const key of ["desk", "books", "law", "slow"]) await gateway.anAgent(key);
  const link = async (source_agent: string, target_agent: string, fields: object = {}): Promise<string> =>
    (await call("POST", "/v1/agent-links", { source_agent, target_agent, ...fields })).body.id;
  const toBooks = await link("desk", "books", { description: "Bills and taxes" });
  const change = (id: string, fields: object) => call("PUT", `/v1/agent-links/${id}`, fields);
  const delegate = (fields: object) => ({ toolCalls: [{ name: "delegate", arguments: fields }] });
  const wake = async (agent: string, fields: object = {}) =>
    (await call("POST", `/v1/agents/${agent}/wake`, { message: "go", ...fields })).body;
  const newest = async (query = "") => (await call("GET", `/v1/delegations?limit=1${query}`)).body.records[0];
  const lastResult = () => model.requests.at(-1)?.toolResults[0] ?? "";
  const offered = (): readonly string[] =>
    (model.requests.at(-1)?.body.tools ?? []).map((tool: { function: { name: string } }) => tool.function.name);
  const untilEnded = async (query = "") => {
    let record = await newest(query);
    for (; record.status === "running"; record = await newest(query)) await Bun.sleep(20);
    return record;
  };

  test("a task is done by another agent in a conversation of its own, and recorded", async () => {
    model.enqueue(delegate({ agent_key: "books", task: "Tính thuế 🧾" }), { text: "42 đồng" }, { text: "It is 42." });
    const { content, run_id } = await wake("desk");
    expect(content).toBe("It is 42.");
    const [, child, parent] = model.requests.slice(-3);
    expect(child?.messages.at(-1)?.text).toBe("Tính thuế 🧾");
    expect(child?.messages.map(({ role }) => role)).toEqual(["system", "user"]);
    expect(parent?.toolResults[0]).toMatch(/"status":"completed"[\s\S]*EXTERNAL_UNTRUSTED_CONTENT[\s\S]*42 đồng/);
    const record = await newest();
    expect(record).toMatchObject({
      ...{ source_agent_key: "desk", target_agent_key: "books", user_id: "ada", task: "Tính thuế 🧾", mode: "sync" },
      ...{ status: "completed", result: "42 đồng", iterations: 1, parent_run_id: run_id },
      ...{ duration_ms: expect.any(Number), trace_id: expect.any(String), completed_at: expect.any(String) },
    });
    expect((await call("GET", `/v1/delegations/${record.id}`)).body).toEqual(record);
    const run = (await call("GET", `/v1/runs/${record.run_id}`)).body;
    expect(run).toMatchObject({ kind: "delegate", status: "completed" });
    expect(run.session_key).toStartWith("agent:books:delegate-");
  });

  test("clients hear of the beginning and the end of a task", async () => {
    const socket = await openSocket(gateway);
    model.enqueue(delegate({ agent_key: "books", task: "Tính thuế 🧾" }), { text: "42 đồng" }, { text: "It is 42." });
    await wake("desk");
    const started = await socket.event(({ event }) => event === "delegation.started");
    const { delegation_id } = started.payload;
    const ended = await socket.event(
      ({ event, payload }) => event === "delegation.completed" && payload.delegation_id === delegation_id,
    );
    const pair = { source_agent_key: "desk", target_agent_key: "books", user_id: "ada", mode: "sync" };
    expect(started.payload).toMatchObject({ ...pair, status: "running", task: "Tính thuế 🧾" });
    expect(ended.payload).toMatchObject({ ...pair, status: "completed", elapsed_ms: expect.any(Number) });
    await socket.close();
  });

  test("the tool names the agents, and is there only for an agent with a link", async () => {
    await wake("desk");
    const tool = model.requests
      .at(-1)
      ?.body.tools.find((one: { function: { name: string } }) => one.function.name === "delegate");
    expect(tool.function.description).toContain("- books: Bills and taxes");
    await wake("books");
    expect(offered()).not.toContain("delegate");
    await change(toBooks, { direction: "bidirectional" });
    await wake("books");
    expect(offered()).toContain("delegate");
    await change(toBooks, { direction: "outbound", status: "disabled" });
    await wake("desk");
    expect(offered()).not.toContain("delegate");
    await change(toBooks, { status: "active" });
  });

  test("agents without a link, inactive ones and users that the link leaves out are refused", async () => {
    const refusal = async (agent_key: string, fields: object = {}) => {
      model.enqueue(delegate({ agent_key, task: "x" }), { text: "ok" });
      await wake("desk", fields);
      return lastResult();
    };
    expect(await refusal("law")).toContain("cannot hand tasks");
    expect(await refusal("nobody")).toContain("cannot hand tasks");
    await change(toBooks, { settings: { user_deny: ["bob"] } });
    expect(await refusal("books", { user_id: "bob" })).toContain("does not work for this user");
    await change(toBooks, { settings: { user_allow: ["grace"] } });
    expect(await refusal("books")).toContain("does not work for this user");
    await change(toBooks, { settings: {} });
    await call("PUT", "/v1/agents/books", { status: "inactive" });
    expect(await refusal("books")).toContain("not active");
    await call("PUT", "/v1/agents/books", { status: "active" });
  });

  test("a task that fails is an error that the model reads", async () => {
    model.enqueue(delegate({ agent_key: "books", task: "x" }), { status: 401 }, { text: "sorry" });
    expect((await wake("desk")).content).toBe("sorry");
    expect(lastResult()).toContain("did not finish its task");
    expect(await newest()).toMatchObject({ status: "failed", error: expect.any(String) });
  });

  test("a task that takes too long is stopped", async () => {
    model.enqueue(delegate({ agent_key: "books", task: "x", timeout: 1 }));
    const child = model.manual();
    model.enqueue({ text: "gave up" });
    expect((await wake("desk")).content).toBe("gave up");
    await child.aborted;
    expect(await newest()).toMatchObject({ status: "cancelled" });
  });

  test("who stops the run stops the task for which it waits", async () => {
    model.enqueue(delegate({ agent_key: "books", task: "x" }));
    const child = model.manual();
    const { id } = (await call("POST", "/v1/agents/desk/runs", { input: "go" })).body;
    await child.arrived;
    await call("POST", `/v1/runs/${id}/cancel`);
    await child.aborted;
    expect(await untilEnded()).toMatchObject({ status: "cancelled", parent_run_id: id });
  });

  test("a circle of agents and a long chain end in an error", async () => {
    const back = await link("books", "law");
    const home = await link("law", "desk");
    model.enqueue(
      delegate({ agent_key: "books", task: "1" }),
      delegate({ agent_key: "law", task: "2" }),
      delegate({ agent_key: "desk", task: "3" }),
      { text: "law gives up" },
      { text: "books passes it on" },
      { text: "desk is done" },
    );
    expect((await wake("desk")).content).toBe("desk is done");
    const refused = model.requests.at(-3)?.toolResults[0];
    expect(refused).toContain("waits for this task itself");
    for (const id of [back, home]) await call("DELETE", `/v1/agent-links/${id}`);
  });

  test("limits of the link and of the target hold", async () => {
    await change(toBooks, { max_concurrent: 1 });
    model.enqueue(delegate({ agent_key: "books", task: "first", mode: "async" }));
    const child = model.manual();
    model.enqueue(delegate({ agent_key: "books", task: "second" }), { text: "ok" });
    const session_key = "agent:desk:limits";
    await wake("desk", { session_key });
    await child.arrived;
    expect(lastResult()).toContain("too many tasks");
    await child.send("done");
    await child.finish();
    expect((await untilEnded()).status).toBe("completed");
    await change(toBooks, { max_concurrent: 3 });
  });

  /** Lets the model answer each conversation by what its last message says. */
  const answer = (replies: Readonly<Record<string, ModelReply>>) =>
    model.script(({ messages }) => {
      const last = messages.at(-1)?.text ?? "";
      return Object.entries(replies).find(([part]) => last.includes(part))?.[1] ?? { text: "nothing to say" };
    });

  test("an asynchronous result reaches the conversation by itself, once", async () => {
    const session_key = "agent:desk:later";
    const done = Promise.withResolvers<void>();
    answer({
      "go on": delegate({ agent_key: "books", task: "count", mode: "async" }),
      count: { text: "seventeen", hold: done.promise },
      accepted: { text: "I asked." },
      seventeen: { text: "It came." },
    });
    expect((await wake("desk", { session_key, message: "go on" })).content).toBe("I asked.");
    done.resolve();
    const messages = async () =>
      (await call("GET", `/v1/sessions/${encodeURIComponent(session_key)}/messages`)).body.messages;
    while (!JSON.stringify(await messages()).includes("It came.")) await Bun.sleep(20);
    const told = (await messages()).filter((message: object) => JSON.stringify(message).includes("seventeen"));
    expect(told.map(({ role }: { role: string }) => role)).toEqual(["user"]);
    const { runs } = (await call("GET", `/v1/runs?session_key=${encodeURIComponent(session_key)}`)).body;
    expect(runs.map(({ kind, status }: { kind: string; status: string }) => [kind, status])).toEqual([
      ["announce", "completed"],
      ["wake", "completed"],
    ]);
  });

  test("an asynchronous result steers the run that is at work", async () => {
    const session_key = "agent:desk:busy";
    const delivered = Promise.withResolvers<void>();
    answer({
      "go on": delegate({ agent_key: "books", task: "count", mode: "async" }),
      count: { text: "seventeen" },
      accepted: { text: "thinking", hold: delivered.promise },
      seventeen: { text: "I know now." },
    });
    const running = wake("desk", { session_key, message: "go on" });
    const db = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
    const marked = db.read.selectFrom("delegations").select("id").where("session_key", "=", session_key);
    while (!(await marked.where("delivered_at", "is not", null).executeTakeFirst())) await Bun.sleep(20);
    delivered.resolve();
    expect((await running).content).toBe("I know now.");
  });

  test("records are filtered, and seen by those for whom they were made", async () => {
    const count = async (query: string, options = {}) =>
      (await call("GET", `/v1/delegations?${query}`, undefined, options)).body.total;
    const all = await count("");
    expect(await count("agent_id=books")).toBe(all);
    expect(await count("source_agent_id=desk&target_agent_id=books&mode=async")).toBeGreaterThan(0);
    expect(await count("status=failed")).toBe(1);
    expect(await count("agent_id=nobody")).toBe(0);
    const today = new Date().toISOString().slice(0, 10);
    expect(await count(`from=${today}&to=${today}`)).toBe(all);
    expect(await count("to=2020-01-01")).toBe(0);
    const bob = await aKey(gateway, ["read"], { owner_id: "bob" });
    expect(await count("", bob)).toBe(0);
    const { id } = await newest();
    expect((await call("GET", `/v1/delegations/${id}`, undefined, bob)).status).toBe(404);
    expect((await call("GET", "/v1/delegations/nothing")).status).toBe(404);
    expect((await call("GET", "/v1/delegations?status=lost")).status).toBe(400);
  });
});
