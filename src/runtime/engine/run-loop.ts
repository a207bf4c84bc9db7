import type { RunStop } from "#runtime/live/index.ts";
import type { RunEnd, RunFinish } from "#runtime/runs/index.ts";
import { type RunError, runError } from "#runtime/runs/index.ts";

/**
 * The next step after a turn's tool calls. `act` continues. `answer` makes one more model call, without tools. `client`
 * hands over to the caller. `unusable_calls` fails the run, because the model cannot write a usable call.
 */
export interface ActOutcome {
  readonly kind: "act" | "answer" | "client" | "unusable_calls";
}

/** The outcome of a model call. */
export type ThinkOutcome =
  | { readonly kind: "answer"; readonly finish: RunFinish; readonly text: string }
  | { readonly kind: "calls" }
  /** The model had to answer without tools, but it returned only tool calls and no text. */
  | { readonly kind: "exhausted" }
  | { readonly kind: "failed"; readonly error: RunError; readonly text: string }
  | { readonly kind: "stopped"; readonly text: string };

/**
 * The loop's access to the model, the tools and the store. The failure of a model or a tool is an outcome. A port
 * throws only if this process must not continue the run, for example because it lost the lease or the database.
 */
export interface LoopPorts {
  /** Returns true if this process must release the run. The next owner continues from the last stored step. */
  isLeaving(): boolean;
  /** Aborts the signal if the run has lost the right to go on. */
  checkRights(): Promise<void>;
  /** Runs the calls of the last turn that have no result. */
  finishCalls(): Promise<ActOutcome>;
  /** Appends the messages that arrived since the last step to the transcript. */
  takeInputs(): Promise<void>;
  /** Makes one model call. If `isLast` is true, the model may not call tools. */
  think(isLast: boolean): Promise<ThinkOutcome>;
  /** Ends the run. Resolves to false if the run has to continue, because messages wait to steer it. */
  end(end: RunEnd): Promise<boolean>;
}

export interface LoopLimits {
  /** The number of model calls that earlier attempts have made. */
  readonly callsMade: number;
  readonly maxIterations: number;
  readonly timeoutSeconds: number;
  /** True if a caller can still receive the answer after another process has continued the run. */
  readonly isResumable: boolean;
}

/** Thinks, acts and observes until the model answers. Resolves to false if the run is released to its next owner. */
export async function runLoop(ports: LoopPorts, limits: LoopLimits, signal: AbortSignal): Promise<boolean> {
  // A message that arrives while the model answers gets an answer too, even if the run has made all its calls.
  let isOwedAnswer = false;
  for (let call = limits.callsMade + 1; ; call++) {
    if (ports.isLeaving()) return false;
    await ports.checkRights();
    const { kind: next } = signal.aborted ? { kind: "act" } : await ports.finishCalls();
    if (signal.aborted) return stop(ports, signal, limits);
    if (next === "unusable_calls") {
      await ports.end({ status: "failed", error: BROKEN_CALLS });
      return true;
    }
    if (next === "client" && (await ports.end({ status: "completed", finish: "tool_calls", output: "" }))) return true;
    await ports.takeInputs();
    if (call > limits.maxIterations && !isOwedAnswer) {
      await ports.end({ status: "failed", error: tooManySteps(limits) });
      return true;
    }

    await ports.checkRights();
    if (signal.aborted) return stop(ports, signal, limits);
    const outcome = await ports.think(next === "answer" || call >= limits.maxIterations);
    isOwedAnswer = outcome.kind === "answer";
    switch (outcome.kind) {
      case "calls":
        continue;
      case "answer":
        if (await ports.end({ status: "completed", finish: outcome.finish, output: outcome.text })) return true;
        continue;
      case "exhausted":
        await ports.end({ status: "failed", error: tooManySteps(limits) });
        return true;
      case "failed":
        await ports.end({ status: "failed", error: outcome.error, output: outcome.text });
        return true;
      case "stopped":
        return stop(ports, signal, limits, outcome.text);
    }
  }
}

async function stop(ports: LoopPorts, { reason }: AbortSignal, limits: LoopLimits, text?: string): Promise<boolean> {
  const cause = reason as RunStop;
  switch (cause.kind) {
    case "drained":
      if (limits.isResumable) return false;
      await ports.end({ status: "failed", error: INTERRUPTED, output: text });
      return true;
    case "cancelled":
      await ports.end({ status: "cancelled", reason: cause.reason, output: text });
      return true;
    case "refused":
      await ports.end({ status: "failed", error: cause.error, output: text });
      return true;
    case "timeout": {
      const error = runError("AGENT_TIMEOUT", "error.run_timeout", { seconds: limits.timeoutSeconds });
      await ports.end({ status: "failed", error, output: text });
      return true;
    }
  }
}

/** The client may have sent its request again after the run broke off. Resuming the run would then pay for it twice. */
export const INTERRUPTED = runError("UNAVAILABLE", "error.run_interrupted", {}, { reason: "interrupted" });

const BROKEN_CALLS = runError("UNAVAILABLE", "error.run_broken_calls", {}, { reason: "invalid_tool_arguments" });

const tooManySteps = ({ maxIterations }: LoopLimits) =>
  runError("FAILED_PRECONDITION", "error.run_iterations", { max: maxIterations }, { reason: "max_iterations" });
