import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { startChatGateway, type Wire } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import { beginAnswer, type ModelReply, type RecordedRequest, toEvents } from "#testing/model-server.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 30_000;
const SIZED = { context_window: 10_000, max_tokens: 500 };
const isSummary = ({ body }: RecordedRequest) => JSON.stringify(body).includes("You write the summary");
const overflow: ModelReply = { status: 400, text: "prompt is too long: 9000 tokens > 8000 maximum" };

describe.each([...testDialects()])("the usage of a run on %s", async (dialect) => {
  const pricing = { "test-model": { input_per_million: 2, output_per_million: 10 } };
  const env = { GOCLAW_MODELS_MAX_ATTEMPTS: "3", GOCLAW_MODELS_PRICING: JSON.stringify(pricing) };
  const gateway = await startChatGateway({ dialect, env });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  const { read } = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
  let sessions = 0;

  /** Waits until a run has `count` spans, which are written in batches. Returns them in the order of their ids. */
  const spansOf = async (runId: string, count: number) => {
    const written = () => read.selectFrom("spans").selectAll().where("run_id", "=", runId).orderBy("id").execute();
    for (let spans = await written(); ; spans = await written()) {
      if (spans.length >= count) return spans;
      await Bun.sleep(20);
    }
  };
  const runOf = async (id: string) => (await call("GET", `/v1/runs/${id}`)).body;
  const usageOf = (runId: string) => read.selectFrom("usage_records").selectAll().where("run_id", "=", runId).execute();
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  /** Sends three messages in one session, then one with these replies. Returns the last run. */
  const say = async (wire: Wire, replies: readonly (ModelReply | ((request: RecordedRequest) => ModelReply))[]) => {
    const agent = await gateway.anAgent(wire, SIZED);
    const session_key = `agent:${agent}:accounting-${++sessions}`;
    const wake = async (message: string) =>
      (await call("POST", `/v1/agents/${agent}/wake`, { message, session_key })).body;
    model.script(() => ({ text: "well", usage: null }));
    for (const message of ["one", "two", "three"]) await wake(message);
    model.enqueue(...replies);
    await wake("four");
    const query = `session_key=${encodeURIComponent(session_key)}&limit=1`;
    return (await call("GET", `/v1/runs?${query}`)).body.runs[0];
  };
  const write: ModelReply = {
    toolCalls: [{ name: "write_file", arguments: { path: "a", content: "b" } }],
    usage: { input: 1_000, output: 100 },
  };

  test.each([...WIRES])(
    "in the $wire format is the sum of its model calls, including retries, tools and a summary",
    async ({ wire }) => {
      const summary = (request: RecordedRequest): ModelReply => {
        expect(isSummary(request)).toBe(true);
        return { text: "They counted.", usage: { input: 500, output: 50 } };
      };
      const { id } = await say(wire, [
        { status: 500 },
        write,
        overflow,
        summary,
        { text: "done", usage: { input: 2_000, output: 200 } },
      ]);
      const run = await runOf(id);
      expect(run).toMatchObject({ status: "completed", output: "done" });
      expect(run.usage).toMatchObject({ input_tokens: 3_500, output_tokens: 350 });
      expect(run.cost).toBeCloseTo((3_500 * 2 + 350 * 10) / 1_000_000, 12);

      const spans = await spansOf(id, 6);
      const calls = spans.filter(({ span_type }) => span_type === "llm_call");
      expect(calls.map(({ status, error, input_tokens }) => [status, error, input_tokens])).toEqual([
        ["error", "server_error: scripted failure", 0],
        ["completed", null, 1_000],
        ["error", `context_overflow: ${overflow.text}`, 0],
        ["completed", null, 500],
        ["completed", null, 2_000],
      ]);
      expect(sum(calls.map(({ input_tokens }) => input_tokens))).toBe(run.usage.input_tokens);
      expect(sum(calls.map(({ output_tokens }) => output_tokens))).toBe(run.usage.output_tokens);
      expect(sum(calls.map(({ cost }) => cost))).toBeCloseTo(run.cost, 12);
      expect(spans.filter((span) => !calls.includes(span))).toMatchObject([
        { span_type: "tool_call", tool_name: "write_file", status: "completed", input_tokens: 0, cost: 0 },
      ]);
      expect(sum((await usageOf(id)).map(({ cost }) => cost))).toBeCloseTo(run.cost, 12);
    },
    TIMEOUT,
  );

  test(
    "includes the usage of a call that failed before its answer and was repeated",
    async () => {
      const usage = { prompt_tokens: 700, completion_tokens: 0 };
      const broken: ModelReply = { raw: [`data: ${JSON.stringify({ choices: [], usage })}\n\ndata: {broken\n\n`] };
      const { id } = await say("openai", [broken, { text: "done", usage: { input: 800, output: 10 } }]);
      const run = await runOf(id);
      expect(run.output).toBe("done");
      const spans = await spansOf(id, 2);
      expect(spans.map(({ status, input_tokens }) => [status, input_tokens])).toEqual([
        ["error", 700],
        ["completed", 800],
      ]);
      expect(run.usage).toMatchObject({ input_tokens: 1_500, output_tokens: 10 });
      expect(sum((await usageOf(id)).map(({ input_tokens }) => input_tokens))).toBe(1_500);
      expect(run.cost).toBeCloseTo(sum(spans.map(({ cost }) => cost)), 12);
    },
    TIMEOUT,
  );

  describe.each([...WIRES])("in the $wire format", ({ wire }) => {
    const begun = beginAnswer(wire, 40);
    const error = toEvents({ type: "error", error: { type: "overloaded_error", code: 503, message: "Overloaded" } });

    test.each([
      ["breaks off", { raw: [begun] }, "failed"],
      ["reports an error", { raw: [begun, error] }, "failed"],
      ["sends malformed data", { raw: [begun, "data: {broken\n\n"] }, "failed"],
      ["is cancelled", { raw: [begun], fault: "without_close" }, "cancelled"],
    ] as const)(
      "includes the usage of a call whose answer %s",
      async (_, reply, status) => {
        const agent = await gateway.anAgent(wire);
        model.enqueue(reply);
        const { id } = (await call("POST", `/v1/agents/${agent}/runs`, { input: "hi" })).body;
        if (status === "cancelled") {
          while (!(await gateway.eventsOf(id)).some(({ type }) => type === "text.delta")) await Bun.sleep(5);
          await call("POST", `/v1/runs/${id}/cancel`);
        }
        const run = await gateway.waitForEnd(id);
        expect(run).toMatchObject({ status, usage: { input_tokens: 40, output_tokens: 1 } });
        expect(await usageOf(id)).toMatchObject([{ input_tokens: 40, output_tokens: 1 }]);
        expect(run.cost).toBeCloseTo((40 * 2 + 1 * 10) / 1_000_000, 12);
        expect(await spansOf(id, 1)).toMatchObject([{ status: "error", input_tokens: 40, output_tokens: 1 }]);
      },
      TIMEOUT,
    );
  });

  test(
    "includes the usage of a call without room for an answer, which was repeated after a summary",
    async () => {
      const { id } = await say("openai", [
        { text: "", finish: "length", usage: { input: 900, output: 0 } },
        { text: "They counted.", usage: { input: 80, output: 8 } },
        { text: "done", usage: { input: 300, output: 10 } },
      ]);
      const run = await runOf(id);
      expect(run.output).toBe("done");
      expect(run.usage).toMatchObject({ input_tokens: 1_280, output_tokens: 18 });
      const spans = await spansOf(id, 3);
      expect(sum(spans.map(({ input_tokens }) => input_tokens))).toBe(1_280);
      expect(sum((await usageOf(id)).map(({ input_tokens }) => input_tokens))).toBe(1_280);
    },
    TIMEOUT,
  );
});
