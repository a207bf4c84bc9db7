import { afterAll, describe, expect, test } from "bun:test";
import { newId } from "#base/ids.ts";
import { AGENT, at, startSessionGateway, textsOf } from "#features/sessions/session-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("branches and ends of sessions on %s", async (dialect) => {
  const gateway = await startSessionGateway(dialect);
  const { call, say, messagesOf, model, lastTurns, db } = gateway;
  afterAll(() => gateway.stopAll());
  const branch = (key: string, message_id: unknown, more: object = {}) =>
    call("POST", at(key, "/branch"), { message_id, ...more });
  /** The key of a session of two turns, and that of a branch after its first. */
  const aBranch = async () => {
    const key = await say("one");
    await say("two", key);
    const [, answer] = await messagesOf(key);
    return [key, (await branch(key, answer?.id)).body.key as string] as const;
  };
  const messagesLeft = async () => (await db.read.selectFrom("messages").select("id").execute()).length;

  test("a branch has what came before, and both go on separately", async () => {
    const key = await say("one");
    await say("two", key);
    await call("PATCH", at(key), { label: "Tale", metadata: { a: "b" } });
    const [, answer] = await messagesOf(key);
    const made = await branch(key, answer?.id);
    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({ messageCount: 2, label: "Tale", metadata: { a: "b" }, userID: "ada" }),
    ]);
    expect(made.body.key.slice(0, -8)).toBe(`${key}:branch-`);
    await say("other", made.body.key);
    expect(lastTurns().map(({ text }) => text)).toEqual(["one", "echo: one", "other"]);
    await say("three", key);
    expect(textsOf(await messagesOf(made.body.key))).toEqual(["one", "echo: one", "other", "echo: other"]);
    expect(textsOf(await messagesOf(key))).toHaveLength(6);
    expect((await call("GET", at(made.body.key))).body.messageCount).toBe(4);
  });

  test("deleting the one keeps the other's history, and the last takes all with it", async () => {
    const before = await messagesLeft();
    const [key, other] = await aBranch();
    await say("other", other);
    expect((await call("DELETE", at(key))).body).toEqual({ status: "deleted" });
    expect((await call("DELETE", at(key))).status).toBe(404);
    expect(textsOf(await messagesOf(other))).toEqual(["one", "echo: one", "other", "echo: other"]);
    expect(await messagesLeft()).toBe(before + 4);
    await say("more", other);
    expect(lastTurns()).toHaveLength(5);
    await call("DELETE", at(other));
    expect(await messagesLeft()).toBe(before);
  });

  test("messages that several branches share go with the last of them", async () => {
    const before = await messagesLeft();
    const [key, early] = await aBranch();
    const late = (await branch(key, (await messagesOf(key)).at(-1)?.id)).body.key;
    await say("late", late);
    await call("DELETE", at(key));
    expect([(await messagesOf(early)).length, (await messagesOf(late)).length]).toEqual([2, 6]);
    await call("DELETE", at(late));
    expect(textsOf(await messagesOf(early))).toEqual(["one", "echo: one"]);
    expect(await messagesLeft()).toBe(before + 2);
    await call("DELETE", at(early));
    expect(await messagesLeft()).toBe(before);
  });

  test("a branch begins at a message of the session's own path, not inside a turn with tool calls", async () => {
    model.enqueue({ toolCalls: [{ name: "datetime", arguments: {} }] }, { text: "late" });
    const key = await say("what time is it?");
    const [user, calls, results] = await messagesOf(key);
    const torn = await branch(key, calls?.id);
    expect([torn.status, torn.body.error.details.field]).toEqual([400, "message_id"]);
    expect((await branch(key, results?.id)).status).toBe(201);
    const again = (await branch(key, user?.id, { label: "again" })).body;
    expect([again.label, again.messageCount]).toEqual(["again", 1]);
    const elsewhere = (await messagesOf(await say("elsewhere")))[0]?.id;
    for (const id of [newId(), elsewhere, "", 1, "\u0000"]) expect((await branch(key, id)).status).toBe(400);
  });

  test("a reset session begins anew, and its branch goes on", async () => {
    const [key, other] = await aBranch();
    const { inputTokens } = (await call("GET", at(key))).body;
    expect((await call("POST", at(key, "/reset"))).body).toEqual({ status: "reset" });
    expect((await call("GET", at(key))).body).toMatchObject({ messageCount: 0, inputTokens, estimatedTokens: 12_000 });
    expect(await messagesOf(key)).toEqual([]);
    await say("new", key);
    expect(lastTurns().map(({ text }) => text)).toEqual(["new"]);
    expect(await messagesOf(other)).toHaveLength(2);
  });

  test("the runs of a deleted session stay without what was said", async () => {
    const key = await say("a secret");
    const [run] = (await call("GET", `/v1/runs?session_key=${encodeURIComponent(key)}`)).body.runs;
    await call("DELETE", at(key));
    const { body } = await call("GET", `/v1/runs/${run.id}`);
    expect(body).toMatchObject({ id: run.id, session_key: key, usage: run.usage, input_preview: "" });
    expect(body).not.toHaveProperty("output");
    const events = await call("GET", `/v1/runs/${run.id}/events`);
    expect([events.status, events.text.includes("secret")]).toEqual([200, false]);
    const texts = await db.read.selectFrom("messages").select("parts").execute();
    expect(texts.some(({ parts }) => parts.includes("a secret"))).toBe(false);
  });

  test("a session whose run is active is neither deleted, reset nor compacted", async () => {
    const held = model.manual();
    const started = await call("POST", `/v1/agents/${AGENT}/runs`, { input: "wait" });
    const { id, session_key: key } = started.body;
    await held.arrived;
    for (const answer of [
      await call("DELETE", at(key)),
      await call("POST", at(key, "/reset")),
      await call("POST", at(key, "/compact")),
    ]) {
      expect([answer.status, answer.body.error.code, answer.body.error.details.reason]).toEqual([
        409,
        "FAILED_PRECONDITION",
        "session_busy",
      ]);
    }
    await held.send("done");
    await held.finish();
    await call("GET", `/v1/runs/${id}/events`);
    expect((await call("DELETE", at(key))).status).toBe(200);
  });
});
