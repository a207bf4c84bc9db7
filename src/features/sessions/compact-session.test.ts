import { afterAll, describe, expect, test } from "bun:test";
import { pathOf, startSessionGateway, textsOf } from "#features/sessions/session-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("compaction on %s", async (dialect) => {
  const gateway = await startSessionGateway(dialect);
  const { call, say, messagesOf, model, lastTurns, db } = gateway;
  afterAll(() => gateway.stopAll());
  const compact = (key: string) => call("POST", pathOf(key, "/compact"));
  const summaryText = (text: string) => `[Summary of the conversation so far]\n${text}`;
  /** Creates a session with these user messages, each of them echoed by the agent. */
  const aSession = async (...texts: readonly string[]) => {
    const key = await say(texts[0] ?? "");
    for (const text of texts.slice(1)) await say(text, key);
    return key;
  };

  test("the next model call reads the summary and the newest messages", async () => {
    const key = await aSession("one", "two", "three");
    model.enqueue({ text: "They counted.", usage: { input: 100, output: 7 } });
    const before = (await call("GET", pathOf(key))).body;
    expect((await compact(key)).body).toEqual({ status: "compacted" });
    const request = lastTurns();
    expect(request).toHaveLength(1);
    expect(request[0]?.text).toContain("user:\none\n\nassistant:\necho: one");
    expect(request[0]?.text).not.toContain("two");

    expect((await call("GET", pathOf(key))).body).toMatchObject({
      summary: "They counted.",
      compactionCount: 1,
      messageCount: 6,
      inputTokens: before.inputTokens + 100,
      outputTokens: before.outputTokens + 7,
    });
    await say("four", key);
    expect(lastTurns().map(({ text }) => text)).toEqual([
      summaryText("They counted."),
      "two",
      "echo: two",
      "three",
      "echo: three",
      "four",
    ]);
    expect(textsOf(await messagesOf(key))).toHaveLength(8);
    const session = db.read.selectFrom("sessions").select("id").where("key", "=", key);
    const usage = db.read.selectFrom("usage_records").selectAll().where("session_id", "in", session);
    expect((await usage.execute()).filter(({ input_tokens }) => input_tokens === 100)).toHaveLength(1);
  });

  test("a second summary includes the first one", async () => {
    const key = await aSession("one", "two", "three");
    model.enqueue({ text: "First." });
    await compact(key);
    expect((await compact(key)).body.error.details.reason).toBe("nothing_to_compact");
    await say("four", key);
    model.enqueue({ text: "Second." });
    expect((await compact(key)).status).toBe(200);
    expect(lastTurns()[0]?.text).toContain(`user:\n${summaryText("First.")}\n\nuser:\ntwo`);
    await say("five", key);
    expect(lastTurns().map(({ text }) => text)).toEqual([
      summaryText("Second."),
      "three",
      "echo: three",
      "four",
      "echo: four",
      "five",
    ]);
    expect((await call("GET", pathOf(key))).body.compactionCount).toBe(2);
  });

  test("a turn with tool calls is not separated from its results", async () => {
    const key = await aSession("one");
    model.enqueue(
      { toolCalls: [{ name: "datetime", arguments: {} }] },
      { toolCalls: [{ name: "datetime", arguments: {} }] },
      { text: "late" },
    );
    await say("what time is it?", key);
    model.enqueue({ text: "S." });
    expect((await compact(key)).status).toBe(200);
    await say("thanks", key);
    const roles = ["user", "assistant", "tool", "assistant", "tool", "assistant", "user"];
    expect(lastTurns().map(({ role }) => role)).toEqual(roles);
    expect(lastTurns()[0]?.text).toBe(summaryText("S."));
  });

  test("a run after a compaction can make several steps", async () => {
    const key = await aSession("one", "two", "three");
    model.enqueue({ text: "S." });
    await compact(key);
    const step = { toolCalls: [{ name: "datetime", arguments: {} }] };
    model.enqueue(step, step, step, { text: "late" });
    await say("what time is it?", key);
    expect(textsOf(await messagesOf(key)).at(-1)).toBe("late");
  });

  test("a short session is not compacted, and its model is not called", async () => {
    const key = await aSession("one", "two");
    const before = model.requests.length;
    const { status, body } = await compact(key);
    expect([status, body.error.code, body.error.details.reason]).toEqual([
      409,
      "FAILED_PRECONDITION",
      "nothing_to_compact",
    ]);
    expect(model.requests).toHaveLength(before);
  });

  test("a failing model leaves the session unchanged", async () => {
    const key = await aSession("one", "two", "three");
    model.enqueue({ status: 401 });
    expect((await compact(key)).body.error).toMatchObject({
      code: "FAILED_PRECONDITION",
      details: { reason: "provider_auth" },
    });
    model.enqueue({ text: "  " });
    expect((await compact(key)).body.error).toMatchObject({ code: "UNAVAILABLE", retryable: true });
    const { body } = await call("GET", pathOf(key));
    expect([body.summary, body.compactionCount]).toEqual(["", undefined]);
  });

  test("a session that continues during the compaction is not compacted", async () => {
    const key = await aSession("one", "two", "three");
    const held = model.manual();
    const compacting = compact(key);
    await held.arrived;
    await say("four", key);
    await held.send("Late.");
    await held.finish();
    expect((await compacting).body.error.details.reason).toBe("session_busy");
    expect((await call("GET", pathOf(key))).body.summary).toBe("");
  });

  test("a branch keeps the summary if it has all messages that the summary covers", async () => {
    const key = await aSession("one", "two", "three");
    model.enqueue({ text: "S." });
    await compact(key);
    const messages = await messagesOf(key);
    const branchAt = async (index: number) =>
      (await call("POST", pathOf(key, "/branch"), { message_id: messages[index]?.id })).body.key;
    await say("late", await branchAt(3));
    expect(lastTurns().map(({ text }) => text)).toEqual([summaryText("S."), "two", "echo: two", "late"]);
    await say("early", await branchAt(0));
    expect(lastTurns().map(({ text }) => text)).toEqual(["one", "early"]);
    await call("POST", pathOf(key, "/reset"));
    await say("new", key);
    expect(lastTurns().map(({ text }) => text)).toEqual(["new"]);
  });
});
