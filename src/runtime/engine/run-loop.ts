import type { RunStop } from "#runtime/live/index.ts";
import type { RunEnd, RunFinish } from "#runtime/runs/index.ts";
import { type RunError, runError } from "#runtime/runs/index.ts";

/**
 * How a turn's calls went: `act` goes on, `answer` leaves the model one more call without tools, `client` hands over to the
 * caller, `hopeless` gives up on a model that cannot write a usable call.
 */
export interface ActOutcome {
  readonly kind: "act" | "answer" | "client" | "hopeless";
}

/** How a model call turned out. */
export type ThinkOutcome =
  | { readonly kind: "answer"; readonly finish: RunFinish; readonly text: string }
  | { readonly kind: "calls" }
  /** It was to answer without tools and called some nevertheless, saying nothing. */
  | { readonly kind: "exhausted" }
  | { readonly kind: "failed"; readonly error: RunError; readonly text: string }
  | { readonly kind: "stopped"; readonly text: string };

/**
 * The world outside the loop. A model or tool that fails is an outcome; what a port throws means that this process may
 * not go on with the run at all: its lease is lost, or its database.
 */
export interface LoopPorts {
  /** Whether this process leaves, so that the run should go on elsewhere from its last stored step. */
  isLeaving(): boolean;
  /** Runs the calls of the last turn that have no result. */
  finishCalls(): Promise<ActOutcome>;
  /** Lets messages that came meanwhile join the transcript. */
  takeInputs(): Promise<void>;
  /** One model call. The last one that a run may make lets the model call no tools. */
  think(isLast: boolean): Promise<ThinkOutcome>;
  /** Ends the run; false when it has to go on because somebody steers it. */
  end(end: RunEnd): Promise<boolean>;
}

export interface LoopLimits {
  /** Model calls that an earlier attempt has made. */
  readonly callsMade: number;
  readonly maxIterations: number;
  readonly timeoutSeconds: number;
  /** Whether somebody can still take the answer when another process goes on with the run. */
  readonly isResumable: boolean;
}

/** Think, act, observe, until the model answers. Resolves to false when the run is left for its next owner. */
export async function runLoop(ports: LoopPorts, limits: LoopLimits, signal: AbortSignal): Promise<boolean> {
  // Who steers a run when it answers gets an answer, also from one that has made all its calls.
  let isOwedAnswer = false;
  for (let call = limits.callsMade + 1; ; call++) {
    if (ports.isLeaving()) return false;
    const { kind: next } = signal.aborted ? { kind: "act" } : await ports.finishCalls();
    if (signal.aborted) return stop(ports, signal, limits);
    if (next === "hopeless") {
      await ports.end({ status: "failed", error: BROKEN_CALLS });
      return true;
    }
    if (next === "client" && (await ports.end({ status: "completed", finish: "tool_calls", output: "" }))) return true;
    await ports.takeInputs();
    if (call > limits.maxIterations && !isOwedAnswer) {
      await ports.end({ status: "failed", error: tooManySteps(limits) });
      return true;
    }

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
    case "timeout": {
      const error = runError("AGENT_TIMEOUT", "error.run_timeout", { seconds: limits.timeoutSeconds });
      await ports.end({ status: "failed", error, output: text });
      return true;
    }
  }
}

/** A client that saw its run break off may have asked again: it is not paid for twice. */
export const INTERRUPTED = runError("UNAVAILABLE", "error.run_interrupted", {}, { reason: "interrupted" });

const BROKEN_CALLS = runError("UNAVAILABLE", "error.run_broken_calls", {}, { reason: "invalid_tool_arguments" });

const tooManySteps = ({ maxIterations }: LoopLimits) =>
  runError("FAILED_PRECONDITION", "error.run_iterations", { max: maxIterations }, { reason: "max_iterations" });
