import { afterAll, describe, expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import type { Wire } from "#testing/chat-fixture.ts";
import { errorOf, startFaultGateway, toCounts } from "#testing/fault-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import type { ModelReply } from "#testing/model-server.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;
/** The expected outcome of a fault. */
interface Outcome {
  /** The HTTP status if the answer has not begun. */
  readonly status: number;
  readonly reason: string | RegExp;
  /**
   * The number of calls that the provider receives. A kept connection that breaks adds one, which is no attempt of its
   * own.
   */
  readonly calls: number;
  /** The text that was streamed before the failure. It is stored and marked incomplete. */
  readonly text?: string | RegExp;
}

type Fault = readonly [name: string, reply: ModelReply, outcome: Outcome];

const failed = (reason: string, calls: number, text?: Outcome["text"]): Outcome => ({
  status: 503,
  reason: `provider_${reason}`,
  calls,
  ...(text !== undefined && { text }),
});
const rateLimited = (calls: number): Outcome => ({ status: 429, reason: "provider_rate_limit", calls });
const inStream = (error: object): ModelReply => ({
  raw: [`data: ${JSON.stringify({ type: "error", error: { code: 503, status: "UNAVAILABLE", ...error } })}\n\n`],
});

const FAULTS: readonly Fault[] = [
  ["401", { status: 401 }, { status: 409, reason: "provider_auth", calls: 1 }],
  ["429", { status: 429 }, rateLimited(3)],
  ["429 with a short Retry-After", { status: 429, headers: { "retry-after-ms": "3" } }, rateLimited(3)],
  ["429 with a long Retry-After", { status: 429, headers: { "retry-after": "90" } }, rateLimited(1)],
  ["500", { status: 500 }, failed("server_error", 3)],
  ["529", { status: 529 }, failed("overloaded", 3)],
  ["a connection that is reset before its head", { fault: "reset_before_head" }, failed("unreachable", 3)],
  ["a connection that is reset after its head", { fault: "reset_after_head" }, failed("unreachable", 3)],
  [
    "a connection that is cut in mid-stream",
    { text: ["so ", "far"], chunkDelayMs: 5, cutAfterChunks: 1 },
    failed("unreachable", 1, "so "),
  ],
  ["an end without a finish reason", { text: "so far", fault: "without_finish" }, failed("malformed", 1, "so far")],
  ["silence from the beginning", { text: "so", stallAfterChunks: 0 }, failed("timeout", 1)],
  ["silence in the middle", { text: ["so ", "far"], stallAfterChunks: 1 }, failed("timeout", 1, "so ")],
  [
    "a slow stream of tokens without end",
    { text: Array(50).fill("."), chunkDelayMs: 100 },
    failed("timeout", 1, /^\.+$/),
  ],
  ["a malformed event", { text: "so far", rawLines: ["data: {broken"] }, failed("malformed", 1, "so far")],
  ["a malformed event at the beginning", { raw: ["data: {broken\n\n"] }, failed("malformed", 3)],
  [
    "a stream without end",
    { fault: "endless_text", text: Array(4).fill("x".repeat(LIMITS.modelOutputChars / 4 - 100)) },
    failed("malformed", 1, /^x+(?:more )+$/),
  ],
  ["a web page", { body: "<html>", headers: { "content-type": "text/html" } }, failed("malformed", 3)],
  [
    "an overloaded_error with status 200",
    inStream({ type: "overloaded_error", message: "Overloaded" }),
    failed("overloaded", 3),
  ],
];

describe.each([...testDialects()])("a model that misbehaves on %s", async (dialect) => {
  const { chat, stop } = await startFaultGateway(dialect);
  afterAll(stop);

  describe.each([...WIRES])("in the $wire format", ({ wire }) => {
    describe.each([false, true])("with stream %p", (stream) => {
      test.each([...FAULTS])(
        "%s",
        async (_, reply, { status, reason, calls: expected, text }) => {
          const modelReply = { usage: { input: 40, output: 2 }, ...reply };
          const { answer, calls, run, messages, usage } = await chat(wire, modelReply, stream);
          expect([expected, expected + Number(reply.fault === "reset_before_head")]).toContain(calls);
          const hasBegun = stream && text !== undefined;
          expect(answer.status).toBe(hasBegun ? 200 : status);
          expect(answer.text).not.toContain("[DONE]");
          expect(answer.text).not.toMatch(/"finish_reason":"/);
          expect((hasBegun ? errorOf(answer.text) : answer.body.error).details.reason).toMatch(reason);

          expect(run.status).toBe("failed");
          expect(run.error.details.reason).toMatch(reason);
          const reported = text === undefined ? undefined : BEGUN[wire];
          expect(usage.map(toCounts)).toEqual(reported ? [reported] : []);
          expect(toCounts(run.usage)).toEqual(reported ?? [0, 0]);
          const [said, answered, ...others] = messages;
          expect([said.role, others]).toEqual(["user", []]);
          if (text === undefined) expect(answered).toBeUndefined();
          else {
            expect(answered).toMatchObject({ role: "assistant", is_complete: false });
            const stored: string = answered.parts[0].text;
            if (typeof text === "string") expect(stored).toBe(text);
            else expect(stored).toMatch(text);
            expect(stored.length).toBeLessThanOrEqual(LIMITS.modelOutputChars);
          }
        },
        TIMEOUT,
      );

      test.each([
        ["nothing", { text: "" }],
        ["white space alone", { text: ["\n", "  "] }],
        ["reasoning alone", { reasoning: ["hm", "well"], text: "" }],
        ["the announcement of calls that never come", { text: "", finish: "tool_calls" }],
      ] as const)("an answer with %s is asked for again, and what it cost counts", async (_, reply) => {
        const empty = { ...reply, usage: { input: 40, output: 2 } };
        const failing = await chat(wire, empty, stream);
        expect([failing.answer.status, failing.calls, failing.run.status]).toEqual([503, 3, "failed"]);
        expect(failing.answer.body.error).toMatchObject({
          code: "UNAVAILABLE",
          details: { reason: "provider_unusable" },
        });
        expect(failing.usage.map(toCounts)).toEqual(Array(3).fill([40, 2]));

        const replies: ModelReply[] = [empty];
        const mended = await chat(wire, () => replies.shift() ?? { text: "fine" }, stream);
        expect([mended.answer.status, mended.calls, mended.run.output]).toEqual([200, 2, "fine"]);
        expect(mended.messages[1].parts).toEqual([{ type: "text", text: "fine" }]);
      });

      test.each([
        ["usage twice, of which the last counts", { rawUsages: USAGES(wire) }, [7, 3]],
        ["no usage, so nothing counts", { usage: null }, undefined],
        ["text that looks like protocol", { text: ["data: [DONE]\n\n", '{"error":{}}', "\r\nevent: error"] }, [1, 1]],
        ["a huge event below its size limit", { text: "y".repeat(900_000) }, [1, 1]],
      ] as const)(
        "%s",
        async (name, reply, tokens) => {
          const modelReply =
            "text" in reply ? { ...reply, usage: { input: 1, output: 1 } } : { text: "fine", ...reply };
          const { answer, calls, run, messages, usage } = await chat(wire, modelReply, stream);
          expect([name, calls, answer.status, run.status]).toEqual([name, 1, 200, "completed"]);
          const text = [modelReply.text].flat().join("");
          expect(messages[1]).toMatchObject({ is_complete: true, parts: [{ type: "text", text }] });
          if (stream) expect(answer.text).toEndWith("data: [DONE]\n\n");
          else expect(answer.body.choices[0].message.content).toBe(text);
          expect(usage.map(toCounts)).toEqual(tokens ? [[...tokens]] : []);
        },
        TIMEOUT,
      );
    });
  });
});

/** The usage that each wire has reported after an answer with 40 input and 2 output tokens has begun. */
const BEGUN: Readonly<Record<Wire, number[] | undefined>> = {
  openai: undefined,
  anthropic: [40, 1],
  google: [40, 0],
};

/** Returns two reports of usage in the format of a wire. */
function USAGES(wire: Wire): readonly object[] {
  switch (wire) {
    case "openai":
      return [
        { prompt_tokens: 5, completion_tokens: 1 },
        { prompt_tokens: 7, completion_tokens: 3 },
      ];
    case "anthropic":
      return [
        { input_tokens: 5, output_tokens: 1 },
        { input_tokens: 7, output_tokens: 3 },
      ];
    case "google":
      return [
        { promptTokenCount: 5, candidatesTokenCount: 1 },
        { promptTokenCount: 7, candidatesTokenCount: 3 },
      ];
  }
}
