import { describe, expect, test } from "bun:test";
import { type LoopLimits, type LoopPorts, runLoop, type ThinkOutcome } from "#runtime/engine/run-loop.ts";
import type { RunEnd } from "#runtime/runs/end-run.ts";

const LIMITS: LoopLimits = { callsMade: 0, maxIterations: 3, timeoutSeconds: 60, isResumable: true };
const ANSWER: ThinkOutcome = { kind: "answer", finish: "stop", text: "done" };

function aScript(outcomes: readonly ThinkOutcome[], overrides: Partial<LoopPorts> = {}) {
  const log: string[] = [];
  const ends: RunEnd[] = [];
  const remaining = [...outcomes];
  const ports: LoopPorts = {
    isLeaving: () => false,
    checkRights: async () => {},
    finishCalls: async () => {
      log.push("act");
      return { kind: "act" };
    },
    takeInputs: async () => {
      log.push("inputs");
    },
    think: async (isLast) => {
      log.push(isLast ? "think without tools" : "think");
      return remaining.shift() ?? ANSWER;
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

  test("the last model call of a run offers no tools, and a run that needs another one fails", async () => {
    const { ports, log, ends } = aScript([{ kind: "calls" }, { kind: "calls" }, { kind: "calls" }]);
    await runLoop(ports, LIMITS, running);
    expect(log.filter((entry) => entry.startsWith("think"))).toEqual(["think", "think", "think without tools"]);
    expect(ends[0]).toMatchObject({ status: "failed", error: { key: "error.run_iterations" } });
  });

  test("continues if a caller steers the run while the model answers", async () => {
    let refused = 0;
    const { ports, log } = aScript([ANSWER, ANSWER], { end: async () => refused++ > 0 });
    await runLoop(ports, LIMITS, running);
    expect(log.filter((entry) => entry === "think")).toHaveLength(2);
  });

  test("a run that is steered during its last model call makes one more call to answer", async () => {
    let refused = 0;
    const { ports, log, ends } = aScript([ANSWER, ANSWER], { end: async (end) => ends.push(end) > 0 && refused++ > 0 });
    await runLoop(ports, { ...LIMITS, maxIterations: 1 }, running);
    expect(log.filter((entry) => entry.startsWith("think"))).toEqual(["think without tools", "think without tools"]);
    expect(ends.map(({ status }) => status)).toEqual(["completed", "completed"]);
  });

  test("releases the run between two steps when its process stops", async () => {
    const { ports, log, ends } = aScript([{ kind: "calls" }], { isLeaving: () => log.length > 0 });
    expect(await runLoop(ports, LIMITS, running)).toBe(false);
    expect(log).toEqual(["act", "inputs", "think"]);
    expect(ends).toEqual([]);
  });

  test("ends the run with `tool_calls` when the caller has to run its own tools", async () => {
    const { ports, ends } = aScript([], { finishCalls: async () => ({ kind: "client" }) });
    await runLoop(ports, LIMITS, running);
    expect(ends).toEqual([{ status: "completed", finish: "tool_calls", output: "" }]);
  });

  test("offers no tools to a model that has to answer", async () => {
    const { ports, log } = aScript([ANSWER]);
    await runLoop({ ...ports, finishCalls: async () => ({ kind: "answer" }) }, LIMITS, running);
    expect(log).toEqual(["inputs", "think without tools"]);
  });

  test("fails the run of a model that cannot write a usable call", async () => {
    const { ports, log, ends } = aScript([], { finishCalls: async () => ({ kind: "unusable_calls" }) });
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

  test("fails a run that is not resumable when its process stops", async () => {
    const { ports, ends } = aScript([]);
    await runLoop(ports, { ...LIMITS, isResumable: false }, AbortSignal.abort({ kind: "drained" }));
    expect(ends[0]).toMatchObject({ status: "failed", error: { reason: "interrupted" } });
  });
});
