import { canonicalJson } from "#base/json.ts";

/** A tool call with its result, as the loop detection compares them. */
export interface FinishedCall {
  readonly name: string;
  readonly arguments: string;
  readonly result: string;
  readonly isError: boolean;
  /** True if the call has no effect. */
  readonly isRead: boolean;
}

/** The certainty that an agent repeats itself without progress. With `stuck` it gets no more tools. */
export type LoopState = "fine" | "repeating" | "stuck";

/** The number of newest calls in which repetitions are counted. */
const WINDOW = 30;

interface Bound {
  readonly warnAt: number;
  readonly stopAt: number;
}

const SAME_CALL: Bound = { warnAt: 3, stopAt: 5 };
const SAME_RESULT: Bound = { warnAt: 4, stopAt: 6 };
const READS_IN_CIRCLES: Bound = { warnAt: 8, stopAt: 12 };
const READS_ONLY: Bound = { warnAt: 24, stopAt: 36 };
/** Reads in a row count as circles if at most this share of them are different calls. */
const CIRCLES_SHARE = 0.6;

/**
 * Judges the latest call by three signs of a loop. It repeats the same call with the same result, different calls all
 * fail or read the same, or a long row of calls only reads. A call that changes something may repeat its result, so
 * different calls of that kind are no sign.
 */
export function detectLoop(calls: readonly FinishedCall[]): LoopState {
  const latest = calls.at(-1);
  if (!latest) return "fine";
  const recent = calls.slice(-WINDOW);
  const alike = recent.filter(({ name, result }) => name === latest.name && result === latest.result);
  const sameCall = alike.filter((call) => toKey(call) === toKey(latest)).length;
  const sameResult = latest.isRead || latest.isError ? new Set(alike.map(toKey)).size : 0;
  const reads = calls.slice(calls.findLastIndex(({ isRead }) => !isRead) + 1);
  const isInCircles = new Set(reads.map(toKey)).size <= CIRCLES_SHARE * reads.length;
  return worst([
    judge(sameCall, SAME_CALL),
    judge(sameResult, SAME_RESULT),
    judge(reads.length, isInCircles ? READS_IN_CIRCLES : READS_ONLY),
  ]);
}

const judge = (count: number, { warnAt, stopAt }: Bound): LoopState =>
  count >= stopAt ? "stuck" : count >= warnAt ? "repeating" : "fine";

const ORDER: readonly LoopState[] = ["stuck", "repeating", "fine"];
const worst = (states: readonly LoopState[]): LoopState => ORDER.find((state) => states.includes(state)) ?? "fine";

const toKey = ({ name, arguments: text }: FinishedCall): string => `${name} ${canonical(text)}`;

/** Returns the same text for equal JSON objects with different orders of keys. */
function canonical(text: string): string {
  try {
    return canonicalJson(JSON.parse(text));
  } catch {
    return text;
  }
}
