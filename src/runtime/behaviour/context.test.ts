import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { textOf } from "#runtime/transcript/message-parts.ts";
import type { ModelReply, RecordedRequest } from "#testing/model-server.ts";
import { inShort, startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 30_000;
const OVERFLOW: ModelReply = { status: 400, text: "This model's maximum context length is 8192 tokens." };
const isSummary = ({ messages }: RecordedRequest) => messages[0]?.text.startsWith("You write the summary") ?? false;

describe.each([...testDialects()])("the context of a model on %s", async (dialect) => {
  const gateway = await startRunGateway({ dialect }, { context_window: 10_000, max_tokens: 500 });
  const { model, call, start, waitForEnd, transcriptOf } = gateway;
  afterAll(() => gateway.stop());
  let sessions = 0;
  const aSession = async (...texts: readonly string[]) => {
    const session_key = `agent:scripted:context-${dialect}-${++sessions}`;
    model.script((request) =>
      isSummary(request) ? { status: 400 } : { text: `echo: ${request.lastUserText}`, usage: null },
    );
    for (const message of texts) await call("POST", "/v1/agents/scripted/wake", { message, session_key });
    return session_key;
  };
  const send = async (session_key: string, input: string) => waitForEnd((await start(input, { session_key })).body.id);

  test(
    "a conversation that the provider rejects as too long is summarised once, and the call is repeated",
    async () => {
      const session_key = await aSession("one", "two", "three");
      let overflows = 1;
      const before = model.requests.length;
      model.script((request) => {
        if (isSummary(request)) return { text: "They counted.", usage: { input: 900, output: 5 } };
        return overflows-- > 0 ? OVERFLOW : { text: "four it is", usage: { input: 4_000, output: 3 } };
      });
      const run = await send(session_key, "four");
      expect(run).toMatchObject({ status: "completed", output: "four it is" });
      expect(run).toMatchObject({ usage: { input_tokens: 4_900, output_tokens: 8 } });
      expect(model.requests.slice(before).map(isSummary)).toEqual([false, true, false]);
      expect(model.requests.at(-1)?.messages[1]?.text).toEndWith("They counted.");
      expect(inShort(await transcriptOf(session_key))).toHaveLength(8);
    },
    TIMEOUT,
  );

  test.each([
    ["that left no room for an answer is summarised too", 0, [false, true, false]],
    ["whose output tokens were all used for reasoning is not summarised", 16, [false]],
  ])(
    "a conversation %s",
    async (_, output, expected) => {
      const session_key = await aSession("one", "two", "three");
      const before = model.requests.length;
      let calls = 0;
      model.script((request) => {
        if (isSummary(request)) return { text: "They counted.", usage: null };
        return calls++ > 0 ? { text: "four it is" } : { text: "", finish: "length", usage: { input: 500, output } };
      });
      expect((await send(session_key, "four")).status).toBe("completed");
      expect(model.requests.slice(before).map(isSummary)).toEqual([...expected]);
    },
    TIMEOUT,
  );

  test(
    "a conversation that is too long even after a summary fails the run",
    async () => {
      const session_key = await aSession("one", "two", "three");
      const before = model.requests.length;
      model.script((request) => (isSummary(request) ? { text: "They counted." } : OVERFLOW));
      const run = await send(session_key, "four");
      expect(run).toMatchObject({ status: "failed", error: { code: "INVALID_REQUEST" } });
      expect(run.error?.details?.reason).toBe("provider_context_overflow");
      expect(model.requests.slice(before).map(isSummary)).toEqual([false, true, false]);
    },
    TIMEOUT,
  );

  test(
    "if no summary can be made, the oldest turns are left out of the call and kept in the session",
    async () => {
      const long = "x".repeat(8_000);
      const session_key = await aSession(`first ${long}`, `second ${long}`);
      model.script((request) => (isSummary(request) ? { status: 400 } : { text: "fine", usage: null }));
      expect(await send(session_key, `third ${long}`)).toMatchObject({ status: "completed", output: "fine" });
      const shown = model.requests.at(-1)?.messages.map(({ text }) => text.slice(0, 40)) ?? [];
      expect(shown[1]).toBe("[Earlier messages are left out: they do ");
      expect(shown.at(-1)).toStartWith("third");
      expect(shown.some((text) => text.startsWith("first"))).toBe(false);
      expect(await transcriptOf(session_key)).toHaveLength(6);
    },
    TIMEOUT,
  );

  test(
    "a run that grows too long is summarised in its middle and continues",
    async () => {
      const session_key = await aSession();
      let calls = 0;
      let summaries = 0;
      model.script((request) => {
        if (isSummary(request)) return { text: `Summary ${++summaries}: the user wants files.`, usage: null };
        if (++calls > 12) return { text: "done", usage: null };
        const content = `${calls} ${"y".repeat(4_000)}`;
        return { toolCalls: [{ name: "write_file", arguments: { path: `${calls}.txt`, content } }], usage: null };
      });
      expect(await send(session_key, "write files")).toMatchObject({ status: "completed", output: "done" });
      expect(summaries).toBeGreaterThan(0);
      const transcript = await transcriptOf(session_key);
      expect(transcript.filter(({ role }) => role === "tool")).toHaveLength(12);
      expect(textOf(transcript[0]?.parts ?? [])).toBe("write files");
    },
    TIMEOUT,
  );

  test(
    "a long context file loses its middle and has a note about it",
    async () => {
      const { id } = (await call("GET", "/v1/agents/scripted")).body;
      const file = { agent_id: id, file_name: "NOTES.md", content: `begin ${"z".repeat(30_000)} end`, updated_at: "" };
      const db = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
      await db.write((queries) => queries.insertInto("agent_context_files", file).execute());
      await call("PUT", "/v1/agents/scripted", { display_name: "Scripted" });
      await aSession("hello");
      const system = model.requests.at(-1)?.messages[0]?.text ?? "";
      expect(system).toContain('<context_file name="NOTES.md">\nbegin zzz');
      expect(system).toMatch(/\[… NOTES\.md is cut here: \d+ of its 30010 characters are left out …\]\nz+ end\n/);
      expect(system.length).toBeLessThan(26_000);
    },
    TIMEOUT,
  );
});
