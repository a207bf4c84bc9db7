import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { TenantTable } from "#db/tenant-queries.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const SECRET = "the plan for Zanzibar";
const TABLES: readonly TenantTable[] = [
  "sessions",
  "messages",
  "runs",
  "run_inputs",
  "run_events",
  "tool_calls",
  "spans",
  "idempotency_keys",
  "activity_logs",
  "jobs",
];

describe.each([...testDialects()])("a chat with store false on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { model, call } = gateway;
  const db = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
  afterAll(() => gateway.stop());
  const body = (extra: object = {}) => ({
    model: "goclaw:openai",
    messages: [
      { role: "system", content: `Instructions of ${SECRET}` },
      { role: "user", content: SECRET },
    ],
    store: false,
    ...extra,
  });
  const post = (input: object, headers: Record<string, string> = {}) =>
    call("POST", "/v1/chat/completions", input, { headers });
  /** Returns the tables that hold the secret. */
  async function tablesWithSecret() {
    const found: string[] = [];
    for (const table of TABLES) {
      const rows = await db.read.selectFrom(table).selectAll().execute();
      if (JSON.stringify(rows).includes("Zanzibar")) found.push(table);
    }
    return found;
  }

  test.each([false, true])("leaves no text, but the record of work and cost, with stream %p", async (stream) => {
    model.enqueue({ toolCalls: [{ name: "write_file", arguments: { path: "a", content: SECRET } }] });
    const answer = await post(body({ stream }));
    expect(answer.text).toContain("Zanzibar");
    expect(await tablesWithSecret()).toEqual([]);
    const { body: run } = await call("GET", `/v1/runs/${answer.headers.get("x-goclaw-run-id")}`);
    expect([run.status, run.usage.output_tokens > 0]).toEqual(["completed", true]);
    expect(answer.headers.get("x-goclaw-session-key")).toBeNull();
    const usage = await db.read.selectFrom("usage_records").select("run_id").where("run_id", "=", run.id).execute();
    expect(usage).toHaveLength(2);
  });

  test.each([false, true])("leaves no text of a run that fails, with stream %p", async (stream) => {
    model.enqueue({ status: 400 });
    expect((await post(body({ stream }))).status).toBe(400);
    expect(await tablesWithSecret()).toEqual([]);
  });

  test("reads the session that it names, and adds nothing to it", async () => {
    const headers = { "X-GoClaw-Session-Key": "agent:openai:kept" };
    await post({ model: "goclaw:openai", messages: [{ role: "user", content: "hello" }] }, headers);
    const answer = await post(body(), headers);
    expect(answer.headers.get("x-goclaw-session-key")).toBe("agent%3Aopenai%3Akept".replaceAll("%3A", ":"));
    expect(gateway.lastTurns().map(({ text }) => text)).toEqual(["hello", "echo: hello", SECRET]);
    const { body: stored } = await call("GET", "/v1/sessions/agent%3Aopenai%3Akept/messages");
    expect(stored.total).toBe(2);
    expect(await tablesWithSecret()).toEqual([]);
  });

  test("keeps no answer for its idempotency key", async () => {
    const headers = { "Idempotency-Key": "k" };
    expect((await post(body(), headers)).status).toBe(200);
    expect(await tablesWithSecret()).toEqual([]);
    const again = await post(body(), headers);
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([200, null]);
  });

  test("hands out calls of the caller's tools, whose results it takes from the request", async () => {
    const tools = [{ type: "function", function: { name: "lookup" } }];
    model.enqueue({ toolCalls: [{ name: "lookup", arguments: {} }] });
    const { message } = (await post(body({ tools }))).body.choices[0];
    expect(await tablesWithSecret()).toEqual([]);
    const result = { role: "tool", tool_call_id: message.tool_calls[0].id, content: "found" };
    const messages = [{ role: "user", content: SECRET }, message, result];
    expect((await post(body({ tools, messages }))).status).toBe(200);
    expect(model.requests.at(-1)?.toolResults).toEqual(["found"]);
  });

  test("is forgotten later if its caller went away", async () => {
    const upstream = model.manual();
    const leaving = new AbortController();
    const open = fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      signal: leaving.signal,
      headers: { Authorization: `Bearer ${gateway.token}`, "Content-Type": "application/json" },
      body: JSON.stringify(body({ stream: true })),
    });
    open.catch(() => {});
    await upstream.arrived;
    leaving.abort();
    await upstream.aborted;
    const isWaiting = async () =>
      (await db.read.selectFrom("jobs").select("name").execute()).some(({ name }) => name === "after-run.forget-text");
    while (!(await isWaiting())) await Bun.sleep(5);
    expect(await tablesWithSecret()).not.toEqual(["jobs"]);
  });
});
