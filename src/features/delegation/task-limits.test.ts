import { afterAll, describe, expect, test } from "bun:test";
import { MINUTE, SECOND } from "#base/clock.ts";
import { startToolGateway } from "#features/builtin-tools/tool-run-fixture.ts";
import type { RecordedRequest } from "#testing/model-server.ts";
import { testDialects } from "#testing/test-database.ts";

const LOOK = { toolCalls: [{ name: "datetime", arguments: {} }] };
const delegate = (agent_key: string, task: string, mode = "sync") => ({
  toolCalls: [{ name: "delegate", arguments: { agent_key, task, mode } }],
});

describe.each([...testDialects()])("a task that a run hands on, on %s", async (dialect) => {
  const wall = Date.now();
  let elapsed = 0;
  const clock = { now: () => new Date(wall + elapsed), elapsed: () => elapsed };
  const gateway = await startToolGateway({ dialect, clock });
  const { call, model } = gateway;
  afterAll(gateway.stop);
  for (const key of ["desk", "books", "law"]) await gateway.anAgent(key);
  for (const [source_agent, target_agent] of [
    ["desk", "books"],
    ["books", "law"],
  ]) {
    await call("POST", "/v1/agent-links", { source_agent, target_agent });
  }
  const limit = (agent: string, steps: number, max_tool_calls = 0) =>
    call("PUT", `/v1/agents/${agent}`, { max_tool_iterations: steps, other_config: { max_tool_calls } });
  const taskOf = ({ messages }: RecordedRequest) => messages.find(({ role }) => role === "user")?.text ?? "";
  const mayCall = ({ body }: RecordedRequest) => (body.tools?.length ?? 0) > 0 && body.tool_choice !== "none";
  /**
   * Lets the desk take these steps. Whoever has the task `loop` calls tools as long as it may. Returns for each of its
   * model calls whether it could call tools.
   */
  const run = async (steps: readonly object[], handOn: object = LOOK): Promise<readonly boolean[]> => {
    const before = model.requests.length;
    const left = [...steps];
    model.script((request) => {
      if (taskOf(request) === "pass it on") return request.toolResults.length > 0 ? { text: "passed" } : handOn;
      if (taskOf(request) === "loop") return mayCall(request) ? LOOK : { text: "in time" };
      return left.shift() ?? { text: "done" };
    });
    expect((await call("POST", "/v1/agents/desk/wake", { message: "go" })).body.content).toBe("done");
    return model.requests.slice(before).flatMap((request) => (taskOf(request) === "loop" ? [mayCall(request)] : []));
  };
  const newest = async () => (await call("GET", "/v1/delegations?limit=1")).body.records[0];

  test("has the steps that the run has left", async () => {
    await limit("desk", 5);
    expect(await run([LOOK, delegate("books", "loop")])).toEqual([true, true, false]);
    expect(await newest()).toMatchObject({ status: "completed", result: "in time", iterations: 3 });
  });

  test("has the steps of its own agent if they are fewer", async () => {
    await limit("desk", 30);
    await limit("books", 2);
    expect(await run([LOOK, delegate("books", "loop")])).toEqual([true, false]);
    await limit("books", 30);
  });

  test("has what is left at each stage if it is handed on again", async () => {
    await limit("desk", 6);
    expect(await run([LOOK, delegate("books", "pass it on")], delegate("law", "loop"))).toEqual([true, true, false]);
  });

  test.each([
    [3, [true, false]],
    [2, [false]],
  ])("has the tool calls that are left of %p", async (calls, asked) => {
    await limit("desk", 30, calls);
    expect(await run([LOOK, delegate("books", "loop")])).toEqual(asked);
    await limit("desk", 30);
  });

  test("has the same limits as a copy", async () => {
    await limit("desk", 4);
    const spawn = { toolCalls: [{ name: "spawn", arguments: { task: "loop", mode: "sync" } }] };
    expect(await run([spawn])).toEqual([true, true, false]);
    await limit("desk", 30);
  });

  test("has the time that the run has left, also if the run ends before it", async () => {
    const held = Promise.withResolvers<void>();
    const steps = [delegate("books", "wait", "async")];
    model.script((request) => {
      if (taskOf(request) === "wait") return { text: "never", hold: held.promise };
      elapsed = 10 * MINUTE - 2 * SECOND;
      return steps.shift() ?? { text: "done" };
    });
    expect((await call("POST", "/v1/agents/desk/wake", { message: "go" })).body.content).toBe("done");
    let record = await newest();
    for (; record.status === "running"; record = await newest()) await Bun.sleep(20);
    held.resolve();
    expect(record).toMatchObject({ status: "failed", error: "AGENT_TIMEOUT" });
    const { error } = (await call("GET", `/v1/runs/${record.run_id}`)).body;
    expect(error.message).toContain("longer than 2 seconds");
  });
});
