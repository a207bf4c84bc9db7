import { afterAll, describe, expect, test } from "bun:test";
import { newId } from "#base/ids.ts";
import { aKey } from "#features/tenants/tenant-fixture.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import type { CallOptions } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("a run is repeated on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { model, call, waitForEnd } = gateway;
  afterAll(() => gateway.stop());
  const start = async (input: unknown, extra: object = {}) =>
    (await call("POST", "/v1/agents/openai/runs", { input, ...extra })).body;
  const repeat = (id: string, options: CallOptions = {}) => call("POST", `/v1/runs/${id}/repeat`, undefined, options);
  const messagesOf = async (id: string, query = "") => (await call("GET", `/v1/runs/${id}/messages${query}`)).body;
  // biome-ignore lint/suspicious/noExplicitAny: a message of any kind
  const textsOf = (messages: readonly any[]) => messages.map(({ parts }) => parts[0].text);
  const turns = () => gateway.lastTurns().map(({ text }) => text);

  test("with the same input after the same messages, in a session of its own", async () => {
    const session_key = `talk-${dialect}`;
    await waitForEnd((await start("one", { session_key })).id);
    const { id } = await waitForEnd((await start("Chào Lân 🦊", { session_key, metadata: { ticket: 7 } })).id);
    await waitForEnd((await start("three", { session_key })).id);

    const { status, headers, body } = await repeat(id);
    expect([status, headers.get("location")]).toEqual([202, `/v1/runs/${body.id}`]);
    expect(body).toMatchObject({ user_id: "ada", kind: "api", input_preview: "Chào Lân 🦊", metadata: { ticket: 7 } });
    expect(body.session_key).toMatch(new RegExp(`^${session_key}:branch-[0-9a-f]{8}$`));
    expect((await waitForEnd(body.id)).output).toBe("echo: Chào Lân 🦊");
    expect(turns()).toEqual(["one", "echo: one", "Chào Lân 🦊"]);
    const first = await call("GET", `/v1/sessions/${session_key}/messages`);
    expect(first.body.total).toBe(6);
  });

  test("although it failed, and although it waited for its session", async () => {
    const session_key = `busy-${dialect}`;
    const upstream = model.manual();
    const before = await start("first", { session_key });
    await upstream.arrived;
    const waiting = await start("second", { session_key });
    model.enqueue({ status: 400 });
    await upstream.finish("stop");
    await waitForEnd(before.id);
    expect((await waitForEnd(waiting.id)).status).toBe("failed");
    expect((await waitForEnd((await repeat(waiting.id)).body.id)).output).toBe("echo: second");
  });

  test("with its instructions and all of a conversation that it was given", async () => {
    const input = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "one" },
      { role: "assistant", content: "uno" },
      { role: "user", content: "two" },
    ];
    const { id } = await waitForEnd((await start(input)).id);
    await waitForEnd((await repeat(id)).body.id);
    expect(turns()).toEqual(["one", "uno", "two"]);
    expect(gateway.lastSystem()).toContain("Be brief.");
  });

  test("with the results of its caller's tools", async () => {
    const tools = [{ type: "function", function: { name: "lookup" } }];
    model.enqueue({ toolCalls: [{ name: "lookup", arguments: {} }] });
    const asked = { role: "user", content: "Where is it?" };
    const chat = (messages: readonly object[]) =>
      call("POST", "/v1/chat/completions", { model: "goclaw:openai", tools, messages });
    const { message } = (await chat([asked])).body.choices[0];
    const result = { role: "tool", tool_call_id: message.tool_calls[0].id, content: "found" };
    const { headers } = await chat([asked, message, result]);
    const again = await repeat(headers.get("x-goclaw-run-id") ?? "");
    expect((await waitForEnd(again.body.id)).status).toBe("completed");
    expect(model.requests.at(-1)?.toolResults).toEqual(["found"]);
  });

  test("with the agent as it is now", async () => {
    const agent = await gateway.anAgent();
    const { body } = await call("POST", `/v1/agents/${agent}/runs`, { input: "hi" });
    await waitForEnd(body.id);
    await call("PUT", `/v1/agents/${agent}`, { model: "newer-model" });
    expect((await waitForEnd((await repeat(body.id)).body.id)).model).toBe("newer-model");
  });

  test("only once it has ended, and while its input is there", async () => {
    const upstream = model.manual();
    const open = await start("hi");
    await upstream.arrived;
    const refused = await repeat(open.id);
    expect([refused.status, refused.body.error.details.reason]).toEqual([409, "run_open"]);
    await upstream.finish("stop");
    await waitForEnd(open.id);
    await call("DELETE", `/v1/sessions/${encodeURIComponent(open.session_key)}`);
    const gone = await repeat(open.id);
    expect([gone.status, gone.body.error.details.reason]).toEqual([409, "input_gone"]);
    expect((await messagesOf(open.id)).messages).toEqual([]);
  });

  test("by its user and by administrators, who may start runs", async () => {
    const { id } = await waitForEnd((await start("hi")).id);
    const writer = await aKey(gateway, ["write"]);
    const reader = await aKey(gateway, ["read"], { owner_id: "ada" });
    const statuses = async (options: CallOptions) => [
      (await repeat(id, options)).status,
      (await call("GET", `/v1/runs/${id}/messages`, undefined, options)).status,
    ];
    expect(await statuses({ bearer: writer.bearer, user: "eve" })).toEqual([404, 404]);
    expect(await statuses({ bearer: writer.bearer, user: "ada" })).toEqual([202, 200]);
    expect(await statuses(reader)).toEqual([403, 200]);
    const carls = await waitForEnd((await start("hi", { user_id: "carl" })).id);
    const again = await repeat(carls.id);
    expect([again.status, again.body.user_id]).toEqual([202, "carl"]);
    expect((await repeat(newId())).status).toBe(404);
  });

  test("once for each idempotency key", async () => {
    const { id } = await waitForEnd((await start("hi")).id);
    const headers = { "Idempotency-Key": `again-${dialect}` };
    const ids = [(await repeat(id, { headers })).body.id, (await repeat(id, { headers })).body.id];
    expect(ids[0]).toBe(ids[1]);
  });

  test("its messages are what it was given and what it wrote, in pages", async () => {
    const session_key = `pages-${dialect}`;
    await waitForEnd((await start("one", { session_key })).id);
    const long = "two ".repeat(1_000).trim();
    const { id } = await waitForEnd((await start(long, { session_key })).id);
    await waitForEnd((await start("three", { session_key })).id);
    const { messages, total } = await messagesOf(id);
    expect([total, textsOf(messages)]).toEqual([4, ["one", "echo: one", long, `echo: ${long}`]]);
    expect(messages.map(({ run_id }: { run_id: string | null }) => run_id === id)).toEqual([false, false, false, true]);
    expect(textsOf((await messagesOf(id, "?limit=1&offset=1&from_end=true")).messages)).toEqual([long]);
  });
});
