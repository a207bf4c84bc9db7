import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway, type Wire } from "#testing/chat-fixture.ts";
import type { ModelReply } from "#testing/model-server.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 30_000;
const PRICING = {
  "gpt-4o": { input_per_million: 100, output_per_million: 200 },
  "openai/gpt-4.1": { input_per_million: 7, output_per_million: 9, cache_read_per_million: 1 },
  "gpt-4.1": { input_per_million: 1_000, output_per_million: 1_000 },
  "google/gpt-4.1-mini": { input_per_million: 1_000, output_per_million: 1_000 },
};
const dollars = (...parts: readonly (readonly [tokens: number, perMillion: number])[]) =>
  parts.reduce((sum, [tokens, price]) => sum + (tokens * price) / 1_000_000, 0);
const USAGE = { input: 10_000, output: 1_000, cacheRead: 4_000 };

describe.each([...testDialects()])("the cost of a run on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, env: { GOCLAW_MODELS_PRICING: JSON.stringify(PRICING) } });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  const costOf = async (wire: Wire, settings: object, ...replies: readonly ModelReply[]) => {
    const agent = await gateway.anAgent(wire, settings);
    model.enqueue(...replies);
    const { body } = await call("POST", `/v1/agents/${agent}/wake`, { message: "hi" });
    return (await call("GET", `/v1/runs/${body.run_id}`)).body.cost;
  };

  test.each([
    ["openai", "gpt-4o-mini", "its maker's price", dollars([6_000, 0.15], [4_000, 0.075], [1_000, 0.6])],
    [
      "openai",
      "gpt-4o-mini-2024-07-18",
      "the price of its family",
      dollars([6_000, 0.15], [4_000, 0.075], [1_000, 0.6]),
    ],
    ["anthropic", "claude-sonnet-4-5", "its maker's price", dollars([6_000, 3], [4_000, 0.3], [1_000, 15])],
    ["google", "gemini-2.5-pro", "its maker's price", dollars([6_000, 1.25], [4_000, 0.125], [1_000, 10])],
    [
      "openai",
      "gpt-4o",
      "the operator's price, with cached input as other input",
      dollars([10_000, 100], [1_000, 200]),
    ],
    ["openai", "gpt-4.1", "the operator's price for this provider", dollars([6_000, 7], [4_000, 1], [1_000, 9])],
    [
      "openai",
      "gpt-4.1-mini",
      "its maker's price and not the operator's for another provider",
      dollars([6_000, 0.4], [4_000, 0.1], [1_000, 1.6]),
    ],
    ["openai", "a-model-of-my-own", "nothing, because its price is unknown", 0],
  ] as const)(
    "%s: %s by %s",
    async (wire, name, _, expected) => {
      const cost = await costOf(wire, { model: name }, { text: "hello", usage: USAGE });
      expect(cost).toBeCloseTo(expected, 12);
    },
    TIMEOUT,
  );

  test(
    "is the sum of its calls, each at the price of the model that answered",
    async () => {
      const model_fallback = { enabled: true, candidates: [{ provider: "anthropic", model: "claude-haiku-4-5" }] };
      const usage = { input: 1_000, output: 100 };
      const datetime = { name: "datetime", arguments: {} };
      const cost = await costOf(
        "openai",
        { model: "gpt-4o-mini", model_fallback },
        { toolCalls: [datetime], usage },
        { status: 500 },
        { text: "hello", usage },
      );
      expect(cost).toBeCloseTo(dollars([1_000, 0.15], [100, 0.6], [1_000, 1], [100, 5]), 12);
    },
    TIMEOUT,
  );
});
