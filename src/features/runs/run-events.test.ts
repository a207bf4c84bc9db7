import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const JSON_ONLY = { Accept: "application/json" };

describe.each([...testDialects()])("the events of a run on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  const { model, call, waitForEnd } = gateway;
  afterAll(() => gateway.stop());
  const start = (body: object) => call("POST", "/v1/agents/openai/runs", body);
  const events = async (id: string, after = "") =>
    (await call("GET", `/v1/runs/${id}/events${after && `?after=${after}`}`, undefined, { headers: JSON_ONLY })).body;
  const frames = async (
    id: string,
    { after = "", headers = {} }: { after?: string; headers?: Record<string, string> } = {},
  ) => {
    const { text } = await call("GET", `/v1/runs/${id}/events${after && `?after=${after}`}`, undefined, { headers });
    return [...text.matchAll(/^id: (.+)\nevent: (.+)\ndata: (.+)$/gm)].map(([, cursor, type, data = "null"]) => ({
      cursor,
      type,
      data: JSON.parse(data),
    }));
  };

  test("a document contains all events so far", async () => {
    model.enqueue({ text: "A moment.", toolCalls: [{ name: "datetime", arguments: {} }] }, { text: "Noon." });
    const { body } = await start({ input: "when?" });
    await waitForEnd(body.id);
    const story = await events(body.id);
    const stored = story.events.filter(({ type }: { type: string }) => !type.endsWith(".delta"));
    expect(stored.map(({ type }: { type: string }) => type)).toEqual([
      "run.queued",
      "run.started",
      "message.started",
      "message.completed",
      "tool.call",
      "tool.result",
      "message.started",
      "message.completed",
      "run.completed",
    ]);
    expect(stored.map(({ seq }: { seq: number }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(story.cursor).toBe("9");
    expect(stored[4]).toMatchObject({ name: "datetime", isClient: false, callId: stored[5].callId });
    expect(stored[8]).toMatchObject({ finish: "stop", usage: { input_tokens: expect.any(Number) } });
    expect(await events(body.id, "8")).toMatchObject({ events: [{ type: "run.completed" }], cursor: "9" });
    expect(await events(body.id, "9")).toEqual({ events: [], cursor: "9" });
  });

  test("a stream continues until the run ends, with the text as it arrives", async () => {
    const upstream = model.manual();
    const { body } = await start({ input: "tell" });
    await upstream.arrived;
    await upstream.send("one ");
    const following = frames(body.id);
    await upstream.send("two");
    await upstream.finish();
    const story = await following;
    const text = story.filter(({ type }) => type === "text.delta").map(({ data }) => data.text);
    expect(text.join("")).toBe("one two");
    expect(story.at(-1)?.type).toBe("run.completed");
    expect(story.every(({ type, cursor, data }) => data.type === type && data.cursor === cursor)).toBe(true);
  });

  test("a stream resumes after any cursor without gap or duplicate", async () => {
    model.enqueue({ text: ["one ", "two ", "three"] });
    const { body } = await start({ input: "tell" });
    await waitForEnd(body.id);
    const story = await frames(body.id);
    const textOf = (events: typeof story) =>
      events.flatMap(({ type, data }) => (type === "text.delta" ? [data.text] : [])).join("");
    const end = story.findIndex(({ type }) => type === "message.started");
    for (const [index, { cursor = "" }] of story.entries()) {
      const rest = await frames(body.id, { after: cursor });
      expect(rest.filter(({ type }) => type !== "text.delta").map(({ cursor: at }) => at)).toEqual(
        story
          .slice(index + 1)
          .filter(({ type }) => type !== "text.delta")
          .map(({ cursor: at }) => at),
      );
      if (index <= end) expect(textOf(rest)).toBe("one two three");
    }
    const inside = await frames(body.id, { headers: { "Last-Event-ID": `${story[end]?.cursor}:4` } });
    expect(textOf(inside)).toBe("two three");
    expect(inside[0]?.data).toMatchObject({ offset: 4 });
  });

  test("a malformed cursor is refused", async () => {
    const { body } = await start({ input: "hi" });
    for (const after of ["x", "-1", "1:", "1:2:3", "1e3"]) {
      const answer = await call("GET", `/v1/runs/${body.id}/events?after=${after}`);
      expect([answer.status, answer.body.error.details.field, after]).toEqual([400, "after", after]);
    }
    await waitForEnd(body.id);
  });

  test("a client that stops following does not end the run", async () => {
    const upstream = model.manual();
    const { body } = await start({ input: "tell" });
    await upstream.arrived;
    const leaving = new AbortController();
    const url = `${gateway.url}/v1/runs/${body.id}/events`;
    const headers = { Authorization: `Bearer ${gateway.token}` };
    const response = await fetch(url, { headers, signal: leaving.signal });
    await response.body?.getReader().read();
    leaving.abort();
    await upstream.send("all of it");
    await upstream.finish();
    expect(await waitForEnd(body.id)).toMatchObject({ status: "completed", output: "all of it" });
  });
});
