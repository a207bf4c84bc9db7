import { afterAll, describe, expect, test } from "bun:test";
import type { ModelReply, RecordedRequest } from "#testing/model-server.ts";
import { startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 30_000;
const isSummary = ({ messages }: RecordedRequest) => messages[0]?.text.startsWith("You write the summary") ?? false;
const toFrames = (choice: object) => `data: ${JSON.stringify({ choices: [choice] })}\n\ndata: [DONE]\n\n`;

describe.each([...testDialects()])("a conversation that a provider refuses on %s", async (dialect) => {
  const gateway = await startRunGateway({ dialect }, { context_window: 10_000, max_tokens: 500 });
  const { model, call, start, waitForEnd } = gateway;
  afterAll(() => gateway.stop());
  let sessions = 0;
  /** Sends three messages that are answered, and a fourth whose first call is refused. */
  const refuseFourth = async (reply: ModelReply, chars: number) => {
    const session_key = `agent:scripted:overflow-${dialect}-${++sessions}`;
    model.script(() => ({ text: "I see.", usage: null }));
    const message = "x".repeat(chars);
    for (let sent = 0; sent < 3; sent++) await call("POST", "/v1/agents/scripted/wake", { message, session_key });
    const before = model.requests.length;
    let refusals = 1;
    model.script((request) => {
      if (isSummary(request)) return { text: "They counted.", usage: null };
      return refusals-- > 0 ? reply : { text: "four it is", usage: null };
    });
    const run = await waitForEnd((await start(message, { session_key })).body.id);
    return { run, calls: model.requests.slice(before).map(isSummary) };
  };

  test.each<readonly [string, ModelReply]>([
    ["a code", { status: 400, body: { error: { code: "1261", message: "" } } }],
    ["its size", { status: 413, body: "<html>413 Request Entity Too Large</html>" }],
    ["an error in the stream", { raw: ['event: error\ndata: {"error":{"message":"Prompt exceeds max length"}}\n\n'] }],
    ["a finish reason", { raw: [toFrames({ delta: {}, finish_reason: "model_context_window_exceeded" })] }],
  ])(
    "as too long by %s is summarised once and answered",
    async (_, reply) => {
      const { run, calls } = await refuseFourth(reply, 10);
      expect(run).toMatchObject({ status: "completed", output: "four it is" });
      expect(calls).toEqual([false, true, false]);
    },
    TIMEOUT,
  );

  test(
    "without a known cause is summarised if it is near the window",
    async () => {
      const { run, calls } = await refuseFourth({ status: 400 }, 4_500);
      expect(run).toMatchObject({ status: "completed", output: "four it is" });
      expect(calls).toEqual([false, true, false]);
    },
    TIMEOUT,
  );

  test(
    "without a known cause fails the run if it is far from the window",
    async () => {
      const { run, calls } = await refuseFourth({ status: 400 }, 1_000);
      expect(run).toMatchObject({ status: "failed", error: { details: { reason: "provider_invalid_request" } } });
      expect(calls).toEqual([false]);
    },
    TIMEOUT,
  );
});
