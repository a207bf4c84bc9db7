import { describe, expect, onTestFinished, test } from "bun:test";
import { type ChatGateway, PROVIDER_KEY, startChatGateway } from "#testing/chat-fixture.ts";
import { startOtlpReceiver } from "#testing/usage/otlp-receiver.ts";

const TIMEOUT = 30_000;
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const CALLER = "b7ad6b7169203331";
const USAGE = { input: 1_000, output: 100 };
const DATETIME = { name: "datetime", arguments: {} };
const [SERVER, CLIENT, INTERNAL] = [2, 3, 1];

async function start(endpoint: string, env: Readonly<Record<string, string>> = {}): Promise<ChatGateway> {
  const gateway = await startChatGateway({
    wires: ["openai", "anthropic"],
    env: { GOCLAW_TELEMETRY_ENDPOINT: endpoint, GOCLAW_TELEMETRY_SERVICE_NAME: "test-gateway", ...env },
  });
  onTestFinished(() => gateway.stop());
  return gateway;
}

function collect() {
  const receiver = startOtlpReceiver();
  onTestFinished(() => receiver.stop());
  return receiver;
}

const wake = ({ call }: ChatGateway, message: string, headers: Record<string, string> = {}, agent = "openai") =>
  call("POST", `/v1/agents/${agent}/wake`, { message }, { headers });

describe("a gateway with a collector", () => {
  test(
    "sends a span for the agent, each model call and each tool call, by the conventions for generative AI",
    async () => {
      const receiver = collect();
      const gateway = await start(receiver.url, { GOCLAW_TELEMETRY_HEADERS: '{"x-key":"k"}' });
      gateway.model.enqueue({ toolCalls: [DATETIME], usage: USAGE }, { text: "late", usage: USAGE });
      const { body } = await wake(gateway, "What time is it?");
      const spans = await receiver.waitFor(4);
      const agent = spans.find(({ name }) => name === "invoke_agent openai");
      expect(agent).toMatchObject({ kind: SERVER, parentSpanId: undefined, traceId: body.run_id.replaceAll("-", "") });
      expect(agent?.attributes).toMatchObject({
        ...{ "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "openai", "goclaw.run.id": body.run_id },
        "gen_ai.conversation.id": expect.stringMatching(/^agent:openai:/),
      });
      expect(agent?.resource).toMatchObject({ "service.name": "test-gateway", "service.version": expect.any(String) });
      const calls = spans.filter(({ name }) => name === "chat test-model");
      expect(calls).toHaveLength(2);
      expect(calls[0]).toMatchObject({
        kind: CLIENT,
        traceId: agent?.traceId ?? "",
        parentSpanId: agent?.spanId ?? "",
      });
      expect(calls[0]?.attributes).toMatchObject({
        ...{ "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "test-model" },
        ...{ "gen_ai.usage.input_tokens": 1_000, "gen_ai.usage.output_tokens": 100 },
        "gen_ai.response.finish_reasons": ["tool_calls"],
      });
      const tool = spans.find(({ name }) => name === "execute_tool datetime");
      expect(tool).toMatchObject({ kind: INTERNAL, parentSpanId: agent?.spanId ?? "" });
      expect(tool?.attributes).toMatchObject({ "gen_ai.tool.name": "datetime", "gen_ai.tool.type": "function" });
      expect(BigInt(agent?.endNanos ?? 0) >= BigInt(agent?.startNanos ?? 1)).toBe(true);
      expect(receiver.requests[0]?.path).toBe("/v1/traces");
      expect(receiver.requests[0]?.headers.get("x-key")).toBe("k");
      expect(JSON.stringify(spans)).not.toMatch(new RegExp(`What time|late|${PROVIDER_KEY}`));
    },
    TIMEOUT,
  );

  test(
    "continues the trace of its caller, and lets the model's provider continue it",
    async () => {
      const receiver = collect();
      const gateway = await start(receiver.url);
      for (const agent of ["openai", "anthropic"]) {
        await wake(gateway, "hi", { traceparent: `00-${TRACE}-${CALLER}-01` }, agent);
        const [root] = await receiver.waitFor(1, ({ name }) => name === `invoke_agent ${agent}`);
        expect([root?.traceId, root?.parentSpanId]).toEqual([TRACE, CALLER]);
        const sent = gateway.model.requests.at(-1)?.headers.traceparent;
        expect(sent).toBe(`00-${TRACE}-${root?.spanId}-01`);
      }
    },
    TIMEOUT,
  );

  test(
    "carries the state of its caller's trace along, to the provider and in its spans",
    async () => {
      const receiver = collect();
      const gateway = await start(receiver.url);
      const tracestate = "rojo=00f067aa0ba902b7, ,congo=t61rcWkgMzE";
      for (const agent of ["openai", "anthropic"]) {
        await wake(gateway, "hi", { traceparent: `00-${TRACE}-${CALLER}-01`, tracestate }, agent);
        expect(gateway.model.requests.at(-1)?.headers.tracestate).toBe("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
      }
      const spans = await receiver.waitFor(4);
      expect(new Set(spans.map(({ traceState }) => traceState))).toEqual(
        new Set(["rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"]),
      );
    },
    TIMEOUT,
  );

  test(
    "sends no spans that its caller does not sample, and ignores contexts that are none",
    async () => {
      const receiver = collect();
      const gateway = await start(receiver.url);
      await wake(gateway, "quiet", { traceparent: `00-${TRACE}-${CALLER}-00` });
      expect(gateway.model.requests.at(-1)?.headers.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
      for (const traceparent of [`00-${"0".repeat(32)}-${CALLER}-01`, `ff-${TRACE}-${CALLER}-01`, "nonsense"]) {
        expect((await wake(gateway, "hi", { traceparent })).status).toBe(200);
      }
      const spans = await receiver.waitFor(6);
      expect(spans.some(({ traceId }) => traceId === TRACE || /^0+$/.test(traceId))).toBe(false);
    },
    TIMEOUT,
  );

  test(
    "says why a call failed, and shows texts where it is told to",
    async () => {
      const receiver = collect();
      const gateway = await start(receiver.url, { GOCLAW_TELEMETRY_CONTENT: "true" });
      gateway.model.enqueue({ status: 429 });
      await wake(gateway, "the plan");
      const [call] = await receiver.waitFor(1, ({ name }) => name.startsWith("chat"));
      expect(call?.status.code).toBe(2);
      expect(call?.attributes).toMatchObject({ "error.type": "rate_limit" });
      expect(call?.attributes["gen_ai.input.messages"]).toContain("the plan");
      const [agent] = await receiver.waitFor(1, ({ name }) => name.startsWith("invoke_agent"));
      expect(agent?.status.code).toBe(2);
    },
    TIMEOUT,
  );

  test(
    "puts the work of another agent into the same trace",
    async () => {
      const receiver = collect();
      const gateway = await start(receiver.url);
      const link = { source_agent: "openai", target_agent: "anthropic" };
      expect((await gateway.call("POST", "/v1/agent-links", link)).status).toBe(201);
      const delegate = { name: "delegate", arguments: { agent_key: "anthropic", task: "sum up" } };
      gateway.model.enqueue({ toolCalls: [delegate] }, { text: "summed up" }, { text: "done" });
      await wake(gateway, "go", { traceparent: `00-${TRACE}-${CALLER}-01` });
      const agents = await receiver.waitFor(2, ({ name }) => name.startsWith("invoke_agent"));
      const [child, root] = ["anthropic", "openai"].map((key) => agents.find(({ name }) => name.endsWith(key)));
      expect([child?.traceId, root?.traceId]).toEqual([TRACE, TRACE]);
      expect([child?.parentSpanId, child?.kind]).toEqual([root?.spanId ?? "", INTERNAL]);
    },
    TIMEOUT,
  );

  test.each([
    ["is gone", "http://127.0.0.1:9"],
    ["refuses", startOtlpReceiver(() => new Response("no", { status: 503 })).url],
    ["hangs", startOtlpReceiver(() => new Promise<Response>(() => {})).url],
  ])(
    "that %s works as without, and stops",
    async (_, endpoint) => {
      const gateway = await startChatGateway({ wires: ["openai"], env: { GOCLAW_TELEMETRY_ENDPOINT: endpoint } });
      for (let runs = 0; runs < 5; runs++) expect((await wake(gateway, "hi")).status).toBe(200);
      await gateway.stop();
    },
    TIMEOUT,
  );
});

test("a gateway without a collector passes on only what a caller sent", async () => {
  const gateway = await startChatGateway({ wires: ["openai"] });
  onTestFinished(() => gateway.stop());
  await wake(gateway, "hi");
  expect(gateway.model.requests.at(-1)?.headers.traceparent).toBeUndefined();
  await wake(gateway, "hi", { traceparent: `00-${TRACE}-${CALLER}-01` });
  expect(gateway.model.requests.at(-1)?.headers.traceparent).toStartWith(`00-${TRACE}-`);
});
