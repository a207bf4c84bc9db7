import { afterAll, describe, expect, test } from "bun:test";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import type { RecordedRequest } from "#testing/model-server.ts";
import { AGENT, startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 30_000;
const WINDOW = 10_000;
const SETTINGS = { context_window: WINDOW, max_tokens: 500 };
const isSummary = ({ messages }: RecordedRequest) => messages[0]?.text.startsWith("You write the summary") ?? false;
/** The token count of an honest provider. */
const tokensOf = ({ body }: RecordedRequest) => Math.ceil(JSON.stringify(body.messages).length / 4);

describe.each([...testDialects()])("the learned token estimate on %s", async (dialect) => {
  const gateway = await startRunGateway({ dialect }, SETTINGS);
  const { model, call, start, waitForEnd } = gateway;
  afterAll(() => gateway.stop());
  const send = async (session_key: string, input: string) => waitForEnd((await start(input, { session_key })).body.id);

  test(
    "of one tenant does not affect another, whatever its provider reports",
    async () => {
      await aTenant(gateway, "liar");
      const liar = await aKey(gateway, ["admin"], { tenant: "liar" });
      const provider = { name: AGENT, provider_type: "openai_compat", api_base: `${model.url}/v1`, api_key: "sk-test" };
      await call("POST", "/v1/providers", provider, liar);
      await call("POST", "/v1/agents", { agent_key: AGENT, provider: AGENT, model: "test-model", ...SETTINGS }, liar);
      model.script(() => ({ text: "lie", usage: { input: 1_000_000, output: 1 } }));
      expect((await call("POST", `/v1/agents/${AGENT}/wake`, { message: "hi" }, liar)).status).toBe(200);

      const before = model.requests.length;
      model.script(() => ({ text: "fine", usage: null }));
      const text = "x".repeat(6_000);
      for (const input of [text, text, text]) await send(`agent:${AGENT}:honest`, input);
      expect(model.requests.slice(before).map(isSummary)).toEqual([false, false, false]);
    },
    TIMEOUT,
  );

  test(
    "is based on the messages that were sent, so a conversation with omitted turns continues to fit",
    async () => {
      const session_key = `agent:${AGENT}:left-out`;
      model.script((request) =>
        isSummary(request) ? { status: 400 } : { text: "fine", usage: { input: tokensOf(request), output: 1 } },
      );
      const before = model.requests.length;
      for (let turn = 1; turn <= 12; turn++) await send(session_key, `${turn} ${"x".repeat(9_000)}`);
      const sent = model.requests.slice(before).filter((request) => !isSummary(request));
      expect(Math.max(...sent.map(tokensOf))).toBeLessThan(WINDOW);
    },
    TIMEOUT,
  );
});
