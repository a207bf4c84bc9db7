import { afterAll, describe, expect, test } from "bun:test";
import { AGENT, pathOf, startSessionGateway, textsOf } from "#features/sessions/session-fixture.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("sessions on %s", async (dialect) => {
  const gateway = await startSessionGateway(dialect);
  const { call, say, messagesOf, model } = gateway;
  afterAll(() => gateway.stopAll());
  const list = (query = "", options = {}) => call("GET", `/v1/sessions${query}`, undefined, options);
  const keysOf = async (query = "", options = {}) =>
    (await list(query, options)).body.sessions.map(({ key }: { key: string }) => key);

  test("a session shows its facts and leaves out empty ones", async () => {
    const key = await say("hello");
    const { body } = await call("GET", pathOf(key));
    expect(body).toEqual({
      key,
      messageCount: 2,
      created: expect.any(String),
      updated: expect.any(String),
      channel: "wake",
      userID: "ada",
      model: "test-model",
      provider: AGENT,
      inputTokens: expect.any(Number),
      outputTokens: expect.any(Number),
      agentName: "Scripted",
      estimatedTokens: 12_000 + Math.ceil("helloecho: hello".length / 4),
      contextWindow: 200_000,
      summary: "",
    });
    const { summary: _, ...item } = body;
    expect((await list()).body.sessions[0]).toEqual(item);
  });

  test("the list is paged, the most recently used first", async () => {
    const options = { ...(await aKey(gateway, ["write"])), user: "pia" };
    const keys: string[] = [];
    for (const text of ["a", "b", "c"]) keys.unshift(await say(text, undefined, options));
    expect((await list("?limit=2", options)).body).toMatchObject({ total: 3, limit: 2, offset: 0 });
    expect(await keysOf("?limit=2", options)).toEqual(keys.slice(0, 2));
    expect(await keysOf("?limit=2&offset=2", options)).toEqual(keys.slice(2));
    expect((await list("?limit=0&offset=-3", options)).body).toMatchObject({ limit: 20, offset: 0 });
    expect((await list("?limit=5000", options)).body.limit).toBe(200);
    expect((await list("?limit=many", options)).body.limit).toBe(20);
    const last = keys[2] ?? "";
    await say("again", last, options);
    expect((await keysOf("", options))[0]).toBe(last);
  });

  test("administrators filter by agent, channel and user; other callers see only their own sessions", async () => {
    const mine = await say("mine", undefined, { user: "moe" });
    const chat = { model: `goclaw:${AGENT}`, messages: [{ role: "user", content: "x" }] };
    const answer = await call("POST", "/v1/chat/completions", chat, { user: "moe" });
    const http = answer.headers.get("x-goclaw-session-key");
    expect(await keysOf("?user_id=moe")).toEqual([http, mine]);
    expect(await keysOf("?user_id=moe&channel=http")).toEqual([http]);
    const { id } = (await call("GET", `/v1/agents/${AGENT}`)).body;
    for (const query of [`agent_id=${AGENT}`, `agentId=${AGENT}`, `agent_id=${id}`]) {
      expect(await keysOf(`?user_id=moe&${query}`)).toContain(mine);
    }
    expect(await keysOf("?agent_id=nobody")).toEqual([]);
    expect(await keysOf("?agent_id=default")).not.toContain(mine);
    expect(await keysOf("", { headers: { "X-GoClaw-Agent-Id": "nobody" } })).toEqual([]);
    const moe = { ...(await aKey(gateway, ["read"])), user: "moe" };
    expect(await keysOf("", moe)).toEqual([http, mine]);
    expect(await keysOf("?user_id=ada", moe)).toEqual([]);
  });

  test("a key without a user sees the sessions that it created", async () => {
    const nobody = { ...(await aKey(gateway, ["write"])), user: null };
    expect(await keysOf("", nobody)).toEqual([]);
    const { body } = await call("POST", "/v1/agents/default/wake", { message: "hello" }, nobody);
    expect(await keysOf("", nobody)).toEqual([body.session_key]);
  });

  test("the transcript has every turn, oldest first, and is paged", async () => {
    model.enqueue({ reasoning: "hm", toolCalls: [{ name: "datetime", arguments: {} }] }, { text: "late" });
    const key = await say("what time is it?");
    const { body } = await call("GET", pathOf(key, "/messages"));
    expect(body).toMatchObject({ total: 4, limit: 20, offset: 0 });
    expect(body.messages.map(({ role }: { role: string }) => role)).toEqual(["user", "assistant", "tool", "assistant"]);
    const [first, second, third] = body.messages;
    expect(first).toMatchObject({ parent_id: null, is_complete: true, run_id: null });
    const types = second.parts.map(({ type }: { type: string }) => type);
    expect([types, second.parent_id]).toEqual([["reasoning", "tool_call"], first.id]);
    expect(third.parts[0].call_id).toBe(second.parts[1].id);
    const page = (await call("GET", pathOf(key, "/messages?limit=1&offset=3"))).body;
    expect([textsOf(page.messages), page.total, page.limit, page.offset]).toEqual([["late"], 4, 1, 3]);
  });

  test("percent-encoded keys are decoded once", async () => {
    for (const key of [`agent:${AGENT}:http-1`, "a/b c%2Fd".replace(" ", "_"), "ключ:é/ü%"]) {
      const options = { headers: { "X-GoClaw-Session-Key": encodeURIComponent(key) } };
      expect(await say("hello", key, options)).toBe(key);
      expect((await call("GET", pathOf(key))).body.key).toBe(key);
      expect(await messagesOf(key)).toHaveLength(2);
    }
    expect((await call("GET", pathOf(`agent:${AGENT}%3Ahttp-1`))).status).toBe(404);
  });

  test("label and metadata are changed independently", async () => {
    const key = await say("hello");
    const patch = (input: object, options = {}) => call("PATCH", pathOf(key), input, options);
    expect((await patch({ label: "Invoice" })).body).toMatchObject({ key, label: "Invoice" });
    expect((await patch({ metadata: { order: "4711" } })).body).toMatchObject({
      label: "Invoice",
      metadata: { order: "4711" },
    });
    expect((await patch({ label: "", metadata: {} })).body).not.toHaveProperty("label");
    for (const input of [{ label: 1 }, { label: "a\u0000b" }, { label: "x".repeat(256) }, { metadata: { a: 1 } }]) {
      expect((await patch(input)).status).toBe(400);
    }
    expect((await patch({}, await aKey(gateway, ["read"]))).status).toBe(403);
  });

  test("sessions of other users and other tenants are not found", async () => {
    const key = await say("secret");
    await aTenant(gateway, "other");
    const bob = { ...(await aKey(gateway, ["write"])), user: "bob" };
    const theirs = await aKey(gateway, ["admin"], { tenant: "other" });
    const [{ id } = { id: "" }] = await messagesOf(key);
    for (const options of [bob, theirs]) {
      const answers = [
        await call("GET", pathOf(key), undefined, options),
        await call("GET", pathOf(key, "/messages"), undefined, options),
        await call("PATCH", pathOf(key), { label: "mine" }, options),
        await call("DELETE", pathOf(key), undefined, options),
        await call("POST", pathOf(key, "/branch"), { message_id: id }, options),
        await call("POST", pathOf(key, "/reset"), undefined, options),
        await call("POST", pathOf(key, "/compact"), undefined, options),
      ];
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
      expect(await keysOf("", options)).not.toContain(key);
    }
    expect(textsOf(await messagesOf(key))).toEqual(["secret", "echo: secret"]);
    expect((await call("GET", pathOf("nothing"))).status).toBe(404);
  });

  test("each change leaves one line in the activity log", async () => {
    const key = await say("hello");
    const [{ id } = { id: "" }] = await messagesOf(key);
    await call("PATCH", pathOf(key), { label: "x" });
    await call("POST", pathOf(key, "/branch"), { message_id: id });
    await call("POST", pathOf(key, "/reset"));
    await call("DELETE", pathOf(key));
    const log = gateway.db.read.selectFrom("activity_logs").select(["action", "details"]).orderBy("id");
    const rows = (await log.where("entity_type", "=", "session").execute()).filter(({ details }) =>
      details?.includes(key),
    );
    const actions = ["session.updated", "session.branched", "session.reset", "session.deleted"];
    expect(rows.map(({ action }) => action)).toEqual(actions);
  });
});
