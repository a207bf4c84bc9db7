import type { Texts } from "#web/i18n/texts.ts";
import { explainKind } from "#web/screens/runs/run/story/explain-kind.ts";
import type { Step } from "#web/screens/runs/run/story/to-steps.ts";

/** What is cut by its place anyway needs no more letters. */
const SUMMARY = 300;

/** Returns what names a step: a model, a tool or an agent. */
export function nameOf({ kind, state, span, call }: Step, words: Texts["runs"]): string {
  switch (kind) {
    case "task":
      return words.kinds.task;
    case "wait":
      return state === "running" ? words.waitsNow : words.kinds.wait;
    case "model":
      return span?.model ?? words.kinds.model;
    case "tool":
      return call?.name || span?.tool_name || span?.name || words.kinds.tool;
    case "agent":
      return span?.name.slice(span.name.indexOf(":") + 1) ?? words.kinds.agent;
    case "other":
      return span?.name ?? words.kinds.other;
  }
}

/** Returns what a step came to, in one line. */
export function summaryOf({ kind, state, span, turn, call }: Step, words: Texts["runs"]): string {
  if (kind === "task") return span?.input_preview?.slice(0, SUMMARY) ?? "";
  if (kind === "wait") return state === "running" ? "" : words.waited;
  if (kind === "model" && state === "failed") return explainKind(span?.error, words);
  if (kind === "tool") return toSummary(call?.arguments ?? span?.input_preview).slice(0, SUMMARY);
  const called = turn?.calls.map(({ name }) => name).join(", ");
  if (turn?.text === "" && called) return words.calls(called);
  return (turn?.text || span?.output_preview || turn?.reasoning || "").slice(0, SUMMARY);
}

/** Returns the first text among the arguments, which mostly says what a call is about. */
function toSummary(text = ""): string {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value !== "object") return text;
    return String(Object.values(value).find((each) => typeof each === "string") ?? "");
  } catch {
    return text;
  }
}
