import { parseJson } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import { detectLoop, type FinishedCall, type LoopState } from "#runtime/prompt/detect-loop.ts";
import { type NewMessage, type ToolCallPart, toolCallsOf, toolResultsOf } from "#runtime/transcript/index.ts";

export interface GuidanceLimits {
  /** The maximum number of model calls of the run. */
  readonly maxIterations: number;
  /** The maximum number of tool calls of the run. It may be infinite. */
  readonly maxToolCalls: number;
  readonly isRead: (call: ToolCallPart) => boolean;
}

/** The decision about the next step of a run. */
export interface Guidance {
  /** Notes to the model, to be stored after the results. */
  readonly notes: readonly string[];
  /** True if the next model call gets no tools, because the model has to answer. */
  readonly mustAnswer: boolean;
  /** True if the model wrote calls with broken arguments in `LIMITS.brokenCallsInARow` turns in a row. */
  readonly hasUnusableCalls: boolean;
}

const NUDGES_AT = [0.9, 0.7] as const;

const LAST_TURN = "This is your last turn and it has no tools: answer now with what you have.";
const STUCK = "You go round in circles, so you have no more tools: answer now with what you have.";
const REPEATING = "You repeat yourself without getting any further. Try another way, or answer with what you have.";
const nudge = (used: number, all: number) =>
  `You have used ${used} of ${all} turns. Begin to wrap up: do only what is needed for your answer.`;
const CUT_OFF = "The arguments were cut off or are not valid JSON. Send the call again, with less in it at a time.";

/**
 * Decides how a run continues after its latest results. `turns` are the messages of this run only. The decision depends
 * on nothing else, so another process that takes over the run decides the same.
 */
export function guideRun(turns: readonly NewMessage[], limits: GuidanceLimits): Guidance {
  const used = turns.filter(({ role }) => role === "assistant").length;
  const isLastTurn = used + 1 >= limits.maxIterations;
  if (used === 0) {
    return { notes: [], mustAnswer: isLastTurn || limits.maxToolCalls === 0, hasUnusableCalls: false };
  }
  const calls = finishedCalls(turns, limits);
  const state = detectLoop(calls);
  const broken = brokenInARow(turns);
  const isOut = isLastTurn || calls.length >= limits.maxToolCalls;
  return {
    notes: notesFor(state, stateBefore(turns, limits), isOut, used, limits, broken),
    mustAnswer: isOut || state === "stuck",
    hasUnusableCalls: broken >= LIMITS.brokenCallsInARow,
  };
}

function notesFor(
  state: LoopState,
  before: LoopState,
  isOut: boolean,
  used: number,
  { maxIterations }: GuidanceLimits,
  broken: number,
): readonly string[] {
  if (state === "stuck") return [STUCK];
  if (isOut) return [LAST_TURN];
  const crossed = NUDGES_AT.find((share) => used === Math.ceil(share * maxIterations));
  return [
    ...(crossed === undefined ? [] : [nudge(used, maxIterations)]),
    ...(state === "repeating" && before === "fine" ? [REPEATING] : []),
    ...(broken > 0 ? [CUT_OFF] : []),
  ];
}

function stateBefore(turns: readonly NewMessage[], limits: GuidanceLimits): LoopState {
  const last = turns.findLastIndex(({ role }) => role === "assistant");
  return detectLoop(finishedCalls(turns.slice(0, last), limits));
}

function finishedCalls(turns: readonly NewMessage[], { isRead }: GuidanceLimits): readonly FinishedCall[] {
  const results = new Map(turns.flatMap(({ parts }) => toolResultsOf(parts)).map((result) => [result.call_id, result]));
  return turns
    .flatMap(({ parts }) => toolCallsOf(parts))
    .flatMap((call) => {
      const result = results.get(call.id);
      if (!result || call.is_client) return [];
      const { text, is_error: isError } = result;
      return [{ name: call.name, arguments: call.arguments, result: text, isError, isRead: isRead(call) }];
    });
}

/** Counts the last turns in a row that had a call whose arguments are not valid JSON. */
function brokenInARow(turns: readonly NewMessage[]): number {
  const acting = turns.filter(({ role }) => role === "assistant");
  const whole = acting.findLastIndex(({ parts }) => !toolCallsOf(parts).some(isBroken));
  return acting.length - 1 - whole;
}

function isBroken({ arguments: text }: ToolCallPart): boolean {
  if (text.trim() === "") return false;
  try {
    parseJson(text, { maxDepth: LIMITS.jsonDepth });
    return false;
  } catch {
    return true;
  }
}
