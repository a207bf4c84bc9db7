import { afterAll, describe, expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("answers about long texts on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { call, model } = gateway;
  afterAll(() => gateway.stop());
  const key = "agent:openai:long";
  const text = "x".repeat(900_000);
  model.script(() => ({ text }));
  for (let turn = 0; turn < 8; turn++)
    await call("POST", "/v1/agents/openai/wake", { message: "go", session_key: key });
  const pathOf = (part: string) => `/v1/sessions/${encodeURIComponent(key)}/${part}`;

  test("end a page of messages by its bytes, and say how many it has", async () => {
    const seen: string[] = [];
    let pages = 0;
    for (let total = 1; seen.length < total; pages++) {
      const answer = await call("GET", pathOf(`messages?limit=200&offset=${seen.length}`));
      total = answer.body.total;
      expect(answer.text.length).toBeLessThan(LIMITS.pageBytes + 1_000_000);
      expect(answer.body.limit).toBe(
        answer.body.messages.length < 200 && seen.length + answer.body.messages.length < total
          ? answer.body.messages.length
          : 200,
      );
      seen.push(...answer.body.messages.map(({ id }: { id: string }) => id));
    }
    expect([seen.length, new Set(seen).size, pages]).toEqual([16, 16, 2]);
  });

  test("show previews in lists of runs, and the whole in one run", async () => {
    const { runs } = (await call("GET", "/v1/runs?limit=200")).body;
    for (const { output } of runs) expect(output).toBe("x".repeat(LIMITS.previewChars));
    expect((await call("GET", `/v1/runs/${runs[0].id}`)).body.output).toBe(text);
  });

  test("end a document of events by its bytes, and its cursor continues", async () => {
    const replies = Array.from({ length: 6 }, (_, index) => ({
      text,
      toolCalls: [{ name: "write_file", arguments: { path: `${index}`, content: "x" } }],
    }));
    model.script(() => replies.shift() ?? { text: "done" });
    // The window is large, so that no summary takes one of the replies.
    const agent = await gateway.anAgent("openai", { context_window: 10_000_000 });
    const { body: run } = await call("POST", `/v1/agents/${agent}/runs`, { input: "go" });
    await gateway.waitForEnd(run.id);
    const types: string[] = [];
    let documents = 0;
    for (let cursor = ""; types.at(-1) !== "run.completed"; documents++) {
      const options = { headers: { Accept: "application/json" } };
      const { body, text: json } = await call("GET", `/v1/runs/${run.id}/events?after=${cursor}`, undefined, options);
      expect(json.length).toBeLessThan(LIMITS.pageBytes + 2_000_000);
      types.push(...body.events.map(({ type }: { type: string }) => type));
      cursor = body.cursor;
    }
    expect(documents).toBeGreaterThan(1);
    expect(types.filter((type) => type === "message.completed")).toHaveLength(7);
  });

  test("list agents in pages where they are asked for", async () => {
    for (let count = 0; count < 5; count++) await gateway.anAgent();
    const keysOf = async (query: string) =>
      (await call("GET", `/v1/agents${query}`)).body.agents.map(({ agent_key }: { agent_key: string }) => agent_key);
    const all = await keysOf("");
    expect(all.length).toBeGreaterThan(5);
    expect([...(await keysOf("?limit=2")), ...(await keysOf("?limit=3&offset=2"))]).toEqual(all.slice(0, 5));
    expect(await keysOf("?limit=0")).toEqual(all);
  });
});
