import { describe, expect, test } from "bun:test";
import { type LoopLimits, type LoopPorts, runLoop, type ThinkOutcome } from "#runtime/engine/run-loop.ts";
import type { RunEnd } from "#runtime/runs/end-run.ts";

const LIMITS: LoopLimits = { callsMade: 0, maxIterations: 3, timeoutSeconds: 60, isResumable: true };
const ANSWER: ThinkOutcome = { kind: "answer", finish: "stop", text: "done" };

function aScript(outcomes: readonly ThinkOutcome[], overrides: Partial<LoopPorts> = {}) {
  const log: string[] = [];
  const ends: RunEnd[] = [];
  const left = [...outcomes];
  const ports: LoopPorts = {
    isLeaving: () => false,
    finishCalls: async () => {
      log.push("act");
      return { kind: "act" };
    },
    takeInputs: async () => {
      log.push("inputs");
    },
    think: async (isLast) => {
      log.push(isLast ? "think without tools" : "think");
      return left.shift() ?? ANSWER;
    },
    end: async (end) => {
      ends.push(end);
      return true;
    },
    ...overrides,
  };
  return { ports, log, ends };
}

const running = new AbortController().signal;

describe("the loop", () => {
  test("acts on calls until the model answers", async () => {
    const { ports, log, ends } = aScript([{ kind: "calls" }, ANSWER]);
    expect(await runLoop(ports, LIMITS, running)).toBe(true);
    expect(log).toEqual(["act", "inputs", "think", "act", "inputs", "think"]);
    expect(ends).toEqual([{ status: "completed", finish: "stop", output: "done" }]);
  });

  test("the last call it may make offers no tools, and calls beyond it end the run", async () => {
    const { ports, log, ends } = aScript([{ kind: "calls" }, { kind: "calls" }, { kind: "calls" }]);
    await runLoop(ports, LIMITS, running);
    expect(log.filter((entry) => entry.startsWith("think"))).toEqual(["think", "think", "think without tools"]);
    expect(ends[0]).toMatchObject({ status: "failed", error: { key: "error.run_iterations" } });
  });

  test("goes on when somebody steered the run while it answered", async () => {
    let refused = 0;
    const { ports, log } = aScript([ANSWER, ANSWER], { end: async () => refused++ > 0 });
    await runLoop(ports, LIMITS, running);
    expect(log.filter((entry) => entry === "think")).toHaveLength(2);
  });

  test("a run that is steered while it makes its last call answers that too", async () => {
    let refused = 0;
    const { ports, log, ends } = aScript([ANSWER, ANSWER], { end: async (end) => ends.push(end) > 0 && refused++ > 0 });
    await runLoop(ports, { ...LIMITS, maxIterations: 1 }, running);
    expect(log.filter((entry) => entry.startsWith("think"))).toEqual(["think without tools", "think without tools"]);
    expect(ends.map(({ status }) => status)).toEqual(["completed", "completed"]);
  });

  test("lets go between two steps when its process leaves", async () => {
    const { ports, log, ends } = aScript([{ kind: "calls" }], { isLeaving: () => log.length > 0 });
    expect(await runLoop(ports, LIMITS, running)).toBe(false);
    expect(log).toEqual(["act", "inputs", "think"]);
    expect(ends).toEqual([]);
  });

  test("hands calls of the caller's own tools over", async () => {
    const { ports, ends } = aScript([], { finishCalls: async () => ({ kind: "client" }) });
    await runLoop(ports, LIMITS, running);
    expect(ends).toEqual([{ status: "completed", finish: "tool_calls", output: "" }]);
  });

  test("a model that has to answer gets no tools", async () => {
    const { ports, log } = aScript([ANSWER]);
    await runLoop({ ...ports, finishCalls: async () => ({ kind: "answer" }) }, LIMITS, running);
    expect(log).toEqual(["inputs", "think without tools"]);
  });

  test("a model that cannot write a call ends the run", async () => {
    const { ports, log, ends } = aScript([], { finishCalls: async () => ({ kind: "hopeless" }) });
    await runLoop(ports, LIMITS, running);
    expect(log).toEqual([]);
    expect(ends[0]).toMatchObject({ status: "failed", error: { reason: "invalid_tool_arguments" } });
  });

  test.each([
    [{ kind: "cancelled", reason: "user" }, "cancelled", true],
    [{ kind: "timeout" }, "failed", true],
    [{ kind: "drained" }, undefined, false],
  ])("stops for %j", async (reason, status, isEnded) => {
    const { ports, ends } = aScript([{ kind: "stopped", text: "par" }]);
    expect(await runLoop(ports, LIMITS, AbortSignal.abort(reason))).toBe(isEnded);
    expect(ends[0]?.status).toBe(status as RunEnd["status"]);
  });

  test("a run whose answer nobody could fetch later fails when its process leaves", async () => {
    const { ports, ends } = aScript([]);
    await runLoop(ports, { ...LIMITS, isResumable: false }, AbortSignal.abort({ kind: "drained" }));
    expect(ends[0]).toMatchObject({ status: "failed", error: { reason: "interrupted" } });
  });
});
