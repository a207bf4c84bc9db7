import { afterAll, describe, expect, test } from "bun:test";
import { toolCallsOf, toolResultsOf } from "#runtime/transcript/message-parts.ts";
import { CLOSED_PORT, errorOf, startFaultGateway, toCounts } from "#testing/fault-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import { cutEvery, type ModelReply } from "#testing/model-server.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;
const frame = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
const chunk = (delta: object, finish_reason: string | null = null) =>
  frame({ choices: [{ index: 0, delta, finish_reason }] });
const TEXT = "ünïcödé 🌍 世界";

/** One text in the format of each wire, with its final marker. */
const WHOLE = {
  openai: `${chunk({ content: TEXT })}${chunk({}, "stop")}data: [DONE]\n\n`,
  anthropic: [
    { type: "message_start", message: { id: "m", usage: { input_tokens: 3, output_tokens: 1 } } },
    { type: "content_block_start", index: 4, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 4, delta: { type: "text_delta", text: TEXT } },
    { type: "content_block_stop", index: 4 },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } },
    { type: "message_stop" },
  ]
    .map((event) => `event: ${event.type}\n${frame(event)}`)
    .join(""),
  google: frame({
    candidates: [{ content: { role: "model", parts: [{ text: TEXT }] }, finishReason: "STOP", index: 9 }],
  }),
} as const;
/** The same streams without the final marker of each wire. They still have a finish reason. */
const WITHOUT_END = {
  openai: WHOLE.openai.replace("data: [DONE]\n\n", ""),
  anthropic: WHOLE.anthropic.slice(0, WHOLE.anthropic.indexOf("event: message_stop")),
  google: WHOLE.google,
} as const;

/** Tool calls with invalid or repeated indexes. */
const CALLS = {
  openai: [
    ...[7, -1, "x", 7].map((index, at) =>
      chunk({ tool_calls: [{ index, id: `c${at}`, function: { name: "datetime", arguments: "{}" } }] }),
    ),
    `${chunk({}, "tool_calls")}data: [DONE]\n\n`,
  ],
  anthropic: [
    frame({ type: "message_start", message: { id: "m", usage: { input_tokens: 3, output_tokens: 1 } } }),
    ...[7, 0, 7, 3].flatMap((index, at) => [
      frame({
        type: "content_block_start",
        index,
        content_block: { type: "tool_use", id: `c${at}`, name: "datetime", input: {} },
      }),
      frame({ type: "content_block_delta", index, delta: { type: "input_json_delta", partial_json: "{}" } }),
      frame({ type: "content_block_stop", index }),
    ]),
    frame({ type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 2 } }),
    frame({ type: "message_stop" }),
  ],
} as const;

describe.each([...testDialects()])("an odd answer on %s", async (dialect) => {
  const { chat, failedCalls, stop } = await startFaultGateway(dialect);
  afterAll(stop);

  describe.each([false, true])("with stream %p", (stream) => {
    test.each([...WIRES])("that is split within every character is complete, in the $wire format", async ({ wire }) => {
      const { answer, messages, run } = await chat(wire, { raw: cutEvery(WHOLE[wire], 1) }, stream);
      expect([answer.status, run.status, run.output]).toEqual([200, "completed", TEXT]);
      expect(messages[1].parts).toEqual([{ type: "text", text: TEXT }]);
    });

    test.each([...WIRES])(
      "without its final marker is complete if it has a finish reason, in the $wire format",
      async ({ wire }) => {
        const { answer, calls, run, messages } = await chat(wire, { raw: [WITHOUT_END[wire]] }, stream);
        expect([answer.status, calls, run.status]).toEqual([200, 1, "completed"]);
        expect(messages[1]).toMatchObject({ is_complete: true, parts: [{ type: "text", text: TEXT }] });
      },
    );

    test.each(["openai", "anthropic"] as const)(
      "whose tool calls have wrong indexes gets a result for each call, in the %s format",
      async (wire) => {
        let requests = 0;
        const reply = (): ModelReply => (requests++ === 0 ? { raw: CALLS[wire] } : { text: "done", usage: null });
        const { answer, calls, run, messages, usage } = await chat(wire, reply, stream);
        expect([answer.status, calls, run.status, run.output]).toEqual([200, 2, "completed", "done"]);
        expect(messages.map(({ role }: { role: string }) => role)).toEqual(["user", "assistant", "tool", "assistant"]);
        const made = toolCallsOf(messages[1].parts);
        expect(made.map(({ name, arguments: text }) => [name, text])).toEqual(Array(4).fill(["datetime", "{}"]));
        const results = toolResultsOf(messages[2].parts);
        expect(results.map(({ call_id }) => call_id)).toEqual(made.map(({ id }) => id));
        expect(results.filter(({ is_error }) => is_error)).toEqual([]);
        expect(usage.map(toCounts)).toEqual(wire === "anthropic" ? [[3, 2]] : []);
      },
    );

    test.each([...WIRES])("from a closed port is reported as unreachable, in the $wire format", async ({ wire }) => {
      const before = await failedCalls("unreachable");
      const { answer, calls, run, messages, usage } = await chat(wire, {}, stream, {
        api_base: `http://${CLOSED_PORT}/v1`,
      });
      const { details, retryable } = answer.body.error;
      expect([answer.status, details.reason, retryable]).toEqual([503, "provider_unreachable", true]);
      expect([run.status, run.error.details.reason, usage, calls]).toEqual(["failed", "provider_unreachable", [], 0]);
      expect(messages.map(({ role }: { role: string }) => role)).toEqual(["user"]);
      expect((await failedCalls("unreachable")) - before).toBe(3);
    });

    test.each([
      [-5, -1],
      ["many", null],
      [1e300, 1e300],
      [0.5, {}],
    ])("whose usage is %p and %p is counted as nothing", async (prompt_tokens, completion_tokens) => {
      const usage = frame({ choices: [], usage: { prompt_tokens, completion_tokens } });
      const { run, usage: counted } = await chat("openai", { raw: [WITHOUT_END.openai + usage] }, stream);
      expect(run).toMatchObject({ status: "completed", cost: 0, usage: { input_tokens: 0, output_tokens: 0 } });
      expect(counted).toEqual([]);
    });

    test.each(["many", -5, null, {}, 1e300])(
      "whose usage is %p in Anthropic's and Google's formats is not lost",
      async (odd) => {
        const rawUsages = [{ input_tokens: odd, output_tokens: odd, promptTokenCount: odd, candidatesTokenCount: odd }];
        for (const wire of ["anthropic", "google"] as const) {
          const reply = { text: "fine", usage: { input: 0, output: 0 }, rawUsages };
          const { answer, calls, run } = await chat(wire, reply, stream);
          expect([answer.status, calls, run.status, run.cost]).toEqual([200, 1, "completed", 0]);
        }
      },
    );
  });
});

/** The models of this provider cannot stream while they have tools. They answer with one document. */
describe.each([...testDialects()])("an answer in one piece on %s", async (dialect) => {
  const { chat, stop } = await startFaultGateway(dialect);
  afterAll(stop);
  const failed = (reason: string, calls: number, status = 503) => ({ status, reason: `provider_${reason}`, calls });

  test.each([
    ["401", { status: 401 }, failed("auth", 1, 409)],
    ["429", { status: 429 }, failed("rate_limit", 3, 429)],
    ["500", { status: 500 }, failed("server_error", 3)],
    ["529", { status: 529 }, failed("overloaded", 3)],
    ["a connection that is reset after its head", { fault: "reset_after_head" }, failed("unreachable", 3)],
    ["silence", { delayMs: 5_000 }, failed("timeout", 1)],
    ["broken JSON", { body: '{"choices":[{"message":{"content":"so' }, failed("malformed", 3)],
    ["a web page", { body: "<html>", headers: { "content-type": "text/html" } }, failed("malformed", 3)],
    ["nothing", { body: "" }, failed("malformed", 3)],
    ["no choices", { body: { choices: [] } }, failed("malformed", 3)],
    ["an error object", { body: { error: { message: "x", type: "server_error" } } }, failed("server_error", 3)],
    ["too much", { body: { choices: [{ message: { content: "x".repeat(3_000_000) } }] } }, failed("malformed", 3)],
  ] as const)(
    "%s",
    async (_, reply, expected) => {
      for (const stream of [false, true]) {
        const { answer, calls, run, messages, usage } = await chat("openai", reply, stream, {
          provider_type: "dashscope",
        });
        expect(answer.status).toBe(expected.status);
        expect(answer.text).not.toContain("[DONE]");
        const error = stream && answer.body?.error === undefined ? errorOf(answer.text) : answer.body.error;
        expect([error.details.reason, calls]).toEqual([expected.reason, expected.calls]);
        expect([run.status, run.error.details.reason, usage]).toEqual(["failed", expected.reason, []]);
        expect(messages.map(({ role }: { role: string }) => role)).toEqual(["user"]);
      }
    },
    TIMEOUT,
  );

  test("is streamed to the client after it has arrived", async () => {
    const { answer, run, usage } = await chat("openai", { text: TEXT, usage: { input: 5, output: 2 } }, true, {
      provider_type: "dashscope",
    });
    expect(answer.text).toEndWith("data: [DONE]\n\n");
    expect([run.status, run.output, usage.map(toCounts)]).toEqual(["completed", TEXT, [[5, 2]]]);
  });
});
