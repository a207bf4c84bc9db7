import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway, type Wire } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const env = { GOCLAW_MODELS_MAX_ATTEMPTS: "2", GOCLAW_MODELS_RETRY_DELAY_MS: "1" };

describe.each([...testDialects()])("a provider that asks for a wait of one second on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, env });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());

  test.each([...WIRES])(
    "gets it before the next call in the $wire format",
    async ({ wire }: { readonly wire: Wire }) => {
      const agent = await gateway.anAgent(wire);
      const calledAt: number[] = [];
      model.script(() => {
        calledAt.push(performance.now());
        return calledAt.length === 1 ? { status: 429, headers: { "retry-after": "1" } } : { text: "well" };
      });
      expect((await call("POST", `/v1/agents/${agent}/wake`, { message: "hi" })).body).toMatchObject({
        content: "well",
      });
      const [first = 0, second = 0, ...others] = calledAt;
      expect(others).toEqual([]);
      // The wait is a minimum, so a busy machine cannot make it shorter. The tolerance is for the rounding of timers.
      expect(second - first).toBeGreaterThan(990);
    },
  );
});
