import { afterAll, describe, expect, test } from "bun:test";
import { newId } from "#base/ids.ts";
import { AGENT, pathOf, startSessionGateway, textsOf } from "#features/sessions/session-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("branching, resetting and deleting sessions on %s", async (dialect) => {
  const gateway = await startSessionGateway(dialect);
  const { call, say, messagesOf, model, lastTurns, db } = gateway;
  afterAll(() => gateway.stopAll());
  const branch = (key: string, message_id: unknown, extra: object = {}) =>
    call("POST", pathOf(key, "/branch"), { message_id, ...extra });
  /** Returns the key of a session with two turns, and the key of a branch after its first turn. */
  const aBranch = async () => {
    const key = await say("one");
    await say("two", key);
    const [, answer] = await messagesOf(key);
    return [key, (await branch(key, answer?.id)).body.key as string] as const;
  };
  const countMessages = async () => (await db.read.selectFrom("messages").select("id").execute()).length;

  test("a branch has the messages before it, and both sessions continue separately", async () => {
    const key = await say("one");
    await say("two", key);
    await call("PATCH", pathOf(key), { label: "Tale", metadata: { a: "b" } });
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
    expect((await call("GET", pathOf(made.body.key))).body.messageCount).toBe(4);
  });

  test("the places where branches part are listed with the versions that go on from them", async () => {
    const [key, other] = await aBranch();
    await say("other", other);
    const [, answer, asked] = await messagesOf(key);
    const [, , otherwise] = await messagesOf(other);
    const expected = [
      {
        parent_id: answer?.id,
        versions: [
          { message_id: asked?.id, session_key: key },
          { message_id: otherwise?.id, session_key: other },
        ],
      },
    ];
    for (const each of [key, other]) {
      expect((await call("GET", pathOf(each, "/branches"))).body).toEqual({ branches: expected });
    }
    expect((await call("GET", pathOf(await say("alone"), "/branches"))).body).toEqual({ branches: [] });
    await call("DELETE", pathOf(other));
    expect((await call("GET", pathOf(key, "/branches"))).body).toEqual({ branches: [] });
  });

  test("deleting one session keeps the other's history, and deleting the last removes all messages", async () => {
    const before = await countMessages();
    const [key, other] = await aBranch();
    await say("other", other);
    expect((await call("DELETE", pathOf(key))).body).toEqual({ status: "deleted" });
    expect((await call("DELETE", pathOf(key))).status).toBe(404);
    expect(textsOf(await messagesOf(other))).toEqual(["one", "echo: one", "other", "echo: other"]);
    expect(await countMessages()).toBe(before + 4);
    await say("more", other);
    expect(lastTurns()).toHaveLength(5);
    await call("DELETE", pathOf(other));
    expect(await countMessages()).toBe(before);
  });

  test("messages that several branches share are deleted with the last branch", async () => {
    const before = await countMessages();
    const [key, early] = await aBranch();
    const late = (await branch(key, (await messagesOf(key)).at(-1)?.id)).body.key;
    await say("late", late);
    await call("DELETE", pathOf(key));
    expect([(await messagesOf(early)).length, (await messagesOf(late)).length]).toEqual([2, 6]);
    await call("DELETE", pathOf(late));
    expect(textsOf(await messagesOf(early))).toEqual(["one", "echo: one"]);
    expect(await countMessages()).toBe(before + 2);
    await call("DELETE", pathOf(early));
    expect(await countMessages()).toBe(before);
  });

  test("a branch starts at a message of the session's own path, not inside a turn with tool calls", async () => {
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

  test("a reset session starts empty, and its branch continues", async () => {
    const [key, other] = await aBranch();
    const { inputTokens } = (await call("GET", pathOf(key))).body;
    expect((await call("POST", pathOf(key, "/reset"))).body).toEqual({ status: "reset" });
    expect((await call("GET", pathOf(key))).body).toMatchObject({
      messageCount: 0,
      inputTokens,
      estimatedTokens: 12_000,
    });
    expect(await messagesOf(key)).toEqual([]);
    await say("new", key);
    expect(lastTurns().map(({ text }) => text)).toEqual(["new"]);
    expect(await messagesOf(other)).toHaveLength(2);
  });

  test("the runs of a deleted session stay without their texts", async () => {
    const key = await say("a secret");
    const [run] = (await call("GET", `/v1/runs?session_key=${encodeURIComponent(key)}`)).body.runs;
    await call("DELETE", pathOf(key));
    const { body } = await call("GET", `/v1/runs/${run.id}`);
    expect(body).toMatchObject({ id: run.id, session_key: key, usage: run.usage, input_preview: "" });
    expect(body).not.toHaveProperty("output");
    const events = await call("GET", `/v1/runs/${run.id}/events`);
    expect([events.status, events.text.includes("secret")]).toEqual([200, false]);
    const texts = await db.read.selectFrom("messages").select("parts").execute();
    expect(texts.some(({ parts }) => parts.includes("a secret"))).toBe(false);
  });

  test("a session with an active run cannot be deleted, reset or compacted", async () => {
    const held = model.manual();
    const started = await call("POST", `/v1/agents/${AGENT}/runs`, { input: "wait" });
    const { id, session_key: key } = started.body;
    await held.arrived;
    for (const answer of [
      await call("DELETE", pathOf(key)),
      await call("POST", pathOf(key, "/reset")),
      await call("POST", pathOf(key, "/compact")),
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
    expect((await call("DELETE", pathOf(key))).status).toBe(200);
  });
});
