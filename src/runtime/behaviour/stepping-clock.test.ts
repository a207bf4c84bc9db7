import { afterAll, describe, expect, test } from "bun:test";
import { DAY, SECOND } from "#base/clock.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const env = { GOCLAW_MODELS_MAX_ATTEMPTS: "1", GOCLAW_TOOLS_RATE_LIMIT_PER_HOUR: "1" };

/** A clock whose wall time steps, and whose elapsed time goes on evenly. */
function aSteppingClock() {
  const state = { wall: Date.now(), elapsed: 0 };
  return {
    now: () => new Date(state.wall),
    elapsed: () => state.elapsed,
    step: (milliseconds: number) => {
      state.wall += milliseconds;
    },
    pass: (milliseconds: number) => {
      state.wall += milliseconds;
      state.elapsed += milliseconds;
    },
  };
}

describe.each([...testDialects()])("when somebody sets the machine's time on %s", async (dialect) => {
  const clock = aSteppingClock();
  const gateway = await startChatGateway({ dialect, env, clock, wires: ["openai"] });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  let agents = 0;
  const anAgent = async () => {
    const provider = `p${++agents}`;
    await call("POST", "/v1/providers", {
      name: provider,
      provider_type: "openai_compat",
      api_base: `${model.url}/v1`,
    });
    return gateway.anAgent("openai", { provider });
  };
  const wake = async (agent: string, session_key?: string) => {
    const body = { message: "hi", ...(session_key && { session_key }) };
    const answer = await call("POST", `/v1/agents/${agent}/wake`, body);
    return answer.body.error?.details.reason ?? answer.status;
  };

  test.each([-DAY, DAY])("by %p ms, a circuit stays open for its time and no longer", async (step) => {
    const agent = await anAgent();
    model.script(() => ({ status: 503 }));
    for (let runs = 0; runs < 5; runs++) expect(await wake(agent)).toBe("provider_server_error");
    model.script(() => ({ text: "well" }));
    clock.step(step);
    expect(await wake(agent)).toBe("provider_circuit_open");
    clock.pass(31 * SECOND);
    expect(await wake(agent)).toBe(200);
  });

  test.each([-DAY, DAY])("by %p ms, the calls of a tool count for an hour", async (step) => {
    const agent = await anAgent();
    const session = `agent:${agent}:limited`;
    const callTool = async () => {
      const results: string[] = [];
      model.script(({ messages }) => {
        const last = messages.at(-1);
        if (last?.role !== "tool") return { toolCalls: [{ name: "datetime", arguments: {} }] };
        results.push(last.text);
        return { text: "well" };
      });
      expect(await wake(agent, session)).toBe(200);
      return results.join();
    };
    expect(await callTool()).not.toContain("of the last hour");
    clock.step(step);
    expect(await callTool()).toContain("of the last hour");
    clock.pass(3_601 * SECOND);
    expect(await callTool()).not.toContain("of the last hour");
  });
});
