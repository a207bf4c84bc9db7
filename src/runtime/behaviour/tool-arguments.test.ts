import { afterAll, describe, expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import { startChatGateway, type Wire } from "#testing/chat-fixture.ts";
import { isOffered } from "#testing/is-offered.ts";
import type { ModelReply, ReplyFunction } from "#testing/model-server.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 30_000;
const STREAMING_WIRES = ["openai", "anthropic"] as const;
const ALL_WIRES = ["openai", "anthropic", "google"] as const;
const frame = (value: object) => `data: ${JSON.stringify(value)}\n\n`;

/** Returns a call in the format of the wire, with its arguments in pieces. */
function toPieces(wire: "openai" | "anthropic", name: string, pieces: readonly string[]): readonly string[] {
  if (wire === "openai") {
    const chunk = (delta: object, finish_reason: string | null = null) =>
      frame({ choices: [{ index: 0, delta, finish_reason }] });
    const call = (more: object) => chunk({ tool_calls: [{ index: 0, ...more }] });
    return [
      call({ id: "call_1", function: { name, arguments: "" } }),
      ...pieces.map((text) => call({ function: { arguments: text } })),
      `${chunk({}, "tool_calls")}data: [DONE]\n\n`,
    ];
  }
  const block = { type: "tool_use", id: "toolu_1", name, input: {} };
  const message = { id: "msg_1", type: "message", role: "assistant", model: "m", content: [], usage: {} };
  return [
    frame({ type: "message_start", message: { ...message, usage: { input_tokens: 1, output_tokens: 1 } } }),
    frame({ type: "content_block_start", index: 0, content_block: block }),
    ...pieces.map((partial_json) =>
      frame({ type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json } }),
    ),
    frame({ type: "content_block_stop", index: 0 }) +
      frame({ type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 9 } }) +
      frame({ type: "message_stop" }),
  ];
}

describe.each([...testDialects()])("tool calls on %s", async (dialect) => {
  const gateway = await startChatGateway({
    dialect,
    env: { GOCLAW_MODELS_FIRST_TOKEN_MS: "2000", GOCLAW_MODELS_IDLE_MS: "2000", GOCLAW_MODELS_CALL_MS: "20000" },
  });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());

  const chat = async (wire: Wire, script: ReplyFunction) => {
    const agent = await gateway.anAgent(wire);
    const before = model.requests.length;
    model.script(script);
    const messages = [{ role: "user", content: "go" }];
    const answer = await call("POST", "/v1/chat/completions", { model: `goclaw:${agent}`, messages });
    const run = (await call("GET", `/v1/runs?agent_id=${agent}`)).body.runs[0];
    return { answer, run, requests: model.requests.slice(before) };
  };
  /** Returns a script with this reply first and a final answer after it. */
  const once = (reply: ModelReply): ReplyFunction => {
    let requestCount = 0;
    return () => (requestCount++ === 0 ? reply : { text: "done" });
  };

  test.each([...STREAMING_WIRES])(
    "streamed arguments reset the idle timeout, in the %s format",
    async (wire) => {
      const pieces = ['{"path":"long.txt","content":"', ...Array(9).fill("a line "), '"}'];
      const raw = toPieces(wire, "write_file", pieces);
      const { answer, requests } = await chat(wire, once({ raw, chunkDelayMs: 250 }));
      expect([answer.status, answer.body.choices?.[0].message.content]).toEqual([200, "done"]);
      expect(requests[1]?.toolResults).toEqual(["Wrote 63 bytes to long.txt"]);
    },
    TIMEOUT,
  );

  test.each([...ALL_WIRES])(
    "an invented tool name is sent back in a form that every provider accepts, in the %s format",
    async (wire) => {
      const name = `functions.write файл ${"x".repeat(80)}`;
      const { answer, requests } = await chat(wire, once({ toolCalls: [{ name, arguments: {} }] }));
      expect(answer.status).toBe(200);
      expect(JSON.stringify(requests[1]?.body)).toMatch(/"name":"functions_write______x{43}"/);
    },
  );

  test.each([...STREAMING_WIRES])(
    "a call that is truncated before its arguments is requested again, and a third one fails the run, in the %s format",
    async (wire) => {
      const cut: ModelReply = { toolCalls: [{ name: "write_file", arguments: "" }], finish: "length" };
      const { run, requests } = await chat(wire, ({ body }) => (isOffered(body) ? cut : { text: "no" }));
      expect(requests).toHaveLength(3);
      expect(JSON.stringify(requests[1]?.body)).toContain("The arguments were cut off");
      expect(run.status).toBe("failed");
    },
  );

  test("provider metadata that must be returned counts toward the limit of the answer", async () => {
    const detail = { type: "reasoning.encrypted", data: "", signature: "s".repeat(LIMITS.modelOutputChars / 2) };
    const details = Array.from({ length: 3 }, (_, index) =>
      frame({ choices: [{ index: 0, delta: { reasoning_details: [{ ...detail, index }] } }] }),
    );
    const { answer, run } = await chat("openai", () => ({ raw: details }));
    expect([answer.status, run.error.details.reason]).toEqual([503, "provider_malformed"]);

    const block = (index: number) =>
      frame({
        type: "content_block_start",
        index,
        content_block: { type: "redacted_thinking", data: detail.signature },
      }) + frame({ type: "content_block_stop", index });
    const [start = ""] = toPieces("anthropic", "", []);
    const redacted = await chat("anthropic", () => ({ raw: [start, block(0), block(1), block(2)] }));
    expect([redacted.answer.status, redacted.run.error.details.reason]).toEqual([503, "provider_malformed"]);
  });
});
