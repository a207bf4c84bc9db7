import { afterAll, describe, expect, test } from "bun:test";
import { DAY } from "#base/clock.ts";
import { startChatGateway, type Wire } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import type { ModelReply } from "#testing/model-server.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 30_000;
const frame = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
const message = { id: "m", type: "message", role: "assistant", model: "m", content: [], usage: { input_tokens: 1 } };

/** One short answer in the format of each wire. */
const ANSWER: Readonly<Record<Wire, string>> = {
  openai: `${frame({ choices: [{ index: 0, delta: { content: "at last" }, finish_reason: "stop" }] })}data: [DONE]\n\n`,
  anthropic: [
    { type: "message_start", message },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "at last" } },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } },
    { type: "message_stop" },
  ]
    .map((event) => `event: ${event.type}\n${frame(event)}`)
    .join(""),
  google: frame({
    candidates: [{ content: { role: "model", parts: [{ text: "at last" }] }, finishReason: "STOP", index: 0 }],
  }),
};
const SIGNS = [": keep-alive\n\n", ":\n", "\n", "event: ping\n\n"];

describe.each([...testDialects()])("a model that takes its time on %s", async (dialect) => {
  const gateway = await startChatGateway({
    dialect,
    env: { GOCLAW_MODELS_FIRST_TOKEN_MS: "300", GOCLAW_MODELS_IDLE_MS: "300", GOCLAW_MODELS_CALL_MS: "20000" },
  });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  let providers = 0;

  const aProvider = async (wire: Wire, timeouts: object) => {
    const provider_type = WIRES.find((known) => known.wire === wire)?.providerType;
    const body = { name: `slow-${++providers}`, provider_type, api_base: `${model.url}/v1`, api_key: "sk" };
    return call("POST", "/v1/providers", { ...body, settings: { timeouts } });
  };
  /** Lets a model of a new provider with these timeouts answer. Returns its text, or the reason of the failure. */
  const ask = async (wire: Wire, reply: ModelReply, timeouts: object = {}) => {
    const { body: provider } = await aProvider(wire, timeouts);
    const agent = await gateway.anAgent(wire, { provider: provider.name });
    model.script(() => reply);
    const messages = [{ role: "user", content: "hi" }];
    const { body } = await call("POST", "/v1/chat/completions", { model: `goclaw:${agent}`, messages });
    return body.error?.details.reason ?? body.choices[0].message.content;
  };

  describe.each([...WIRES])("in the $wire format", ({ wire }) => {
    test(
      "is waited for while its server shows that it is alive",
      async () => {
        const raw = [...SIGNS, ...SIGNS, ANSWER[wire]];
        const timeouts = { first_token_ms: 1_500, idle_ms: 1_500 };
        expect(await ask(wire, { raw, chunkDelayMs: 250 }, timeouts)).toBe("at last");
      },
      TIMEOUT,
    );

    test(
      "may be silent for longer before its answer than within it, also after a sign of life",
      async () => {
        const timeouts = { first_token_ms: 20_000, idle_ms: 1_000 };
        expect(await ask(wire, { raw: [": queued\n\n", ANSWER[wire]], chunkDelayMs: 1_500 }, timeouts)).toBe("at last");
      },
      TIMEOUT,
    );

    test(
      "has the timeouts of its provider, else those of the gateway",
      async () => {
        const slow: ModelReply = { delayMs: 900, text: "at last" };
        expect(await ask(wire, slow)).toBe("provider_timeout");
        expect(await ask(wire, slow, { first_token_ms: 20_000 })).toBe("at last");
        expect(await ask(wire, { raw: Array(200).fill(": alive\n\n"), chunkDelayMs: 50 }, { call_ms: 500 })).toBe(
          "provider_timeout",
        );
      },
      TIMEOUT,
    );
  });

  test(
    "that leaves its stream open after the answer loses the connection",
    async () => {
      const { body: provider } = await aProvider("openai", { first_token_ms: 20_000, idle_ms: 20_000 });
      const agent = await gateway.anAgent("openai", { provider: provider.name });
      const answering = model.manual();
      const chat = call("POST", "/v1/chat/completions", {
        model: `goclaw:${agent}`,
        messages: [{ role: "user", content: "hi" }],
      });
      await answering.arrived;
      await answering.send("all of it");
      await answering.raw('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}');
      expect((await chat).body.choices[0].message.content).toBe("all of it");
      await answering.aborted;
    },
    TIMEOUT,
  );

  test("may be given a day, and no longer", async () => {
    for (const name of ["first_token_ms", "idle_ms", "call_ms"]) {
      const { status, body } = await aProvider("openai", { [name]: DAY });
      expect([status, body.settings.timeouts]).toEqual([201, { [name]: DAY }]);
      for (const bad of [DAY + 1, 0, -1, 1.5, "60000"]) {
        expect((await aProvider("openai", { [name]: bad })).status).toBe(400);
      }
    }
  });
});
