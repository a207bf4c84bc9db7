import {
  Bot,
  Brain,
  ChevronRight,
  CircleDashed,
  Hourglass,
  type LucideIcon,
  MessageSquareText,
  Wrench,
} from "lucide-react";
import { memo, useId } from "react";
import type { Texts } from "#web/i18n/texts.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { explainKind } from "#web/screens/runs/run/story/explain-kind.ts";
import { StepDetails } from "#web/screens/runs/run/story/step-details.tsx";
import { STORY_GRID } from "#web/screens/runs/run/story/story-grid.ts";
import { TimeBar } from "#web/screens/runs/run/story/time-bar.tsx";
import type { Step } from "#web/screens/runs/run/story/to-steps.ts";
import { Badge } from "#web/ui/badge.tsx";
import { cn } from "#web/ui/classes.ts";
import { ToneIcon } from "#web/ui/status.tsx";

interface StepRowProps {
  readonly step: Step;
  readonly isOpen: boolean;
  readonly onToggle: (step: Step) => void;
  readonly begin: number;
  readonly end: number;
}

const ICONS: Readonly<Record<Step["kind"], LucideIcon>> = {
  task: MessageSquareText,
  wait: Hourglass,
  model: Brain,
  tool: Wrench,
  agent: Bot,
  other: CircleDashed,
};
/** What is cut by its place anyway needs no more letters. */
const SUMMARY = 300;

/** A step of a run: a line that says what, how long and when, and its details below once it is opened. */
export const StepRow = memo(function StepRow({ step, isOpen, onToggle, begin, end }: StepRowProps) {
  const { runs: words } = useTexts();
  const format = useFormat();
  const id = useId();
  const { kind, state, after } = step;
  const Icon = ICONS[kind];
  const hasDetails = kind !== "wait";
  const isBad = state === "failed";
  return (
    <>
      <button
        type="button"
        data-step={step.id}
        aria-expanded={hasDetails ? isOpen : undefined}
        aria-controls={hasDetails && isOpen ? id : undefined}
        onClick={() => hasDetails && onToggle(step)}
        className={cn(
          STORY_GRID,
          "focus-inset min-h-10 w-full items-center px-3 py-1.5 text-left text-table pointer-coarse:min-h-11",
          hasDetails && "hover:bg-hover",
        )}
      >
        <span className="flex min-w-0 items-center gap-2">
          <ChevronRight
            aria-hidden
            className={cn(
              "size-4 shrink-0 text-faint transition-transform",
              isOpen && "rotate-90",
              !hasDetails && "invisible",
            )}
          />
          {isBad ? (
            <ToneIcon tone="bad" className="size-4" />
          ) : (
            <Icon aria-hidden className="size-4 shrink-0 text-faint" />
          )}
          <span className="sr-only">{words.kinds[kind]}</span>
          <span className={cn("min-w-0 max-w-[60%] shrink-0 truncate font-medium", isBad && "text-bad")}>
            {nameOf(step, words)}
          </span>
          {after && <Badge tone="careful">{words[after]}</Badge>}
          <span className="min-w-0 flex-1 truncate text-soft">{summaryOf(step, words)}</span>
          {state !== "completed" && <span className="sr-only">{words.states[state]}</span>}
        </span>
        <span className="tabular whitespace-nowrap text-right text-soft">
          {step.end === undefined
            ? words.states.running
            : step.span || kind === "wait"
              ? format.duration(step.end - step.start)
              : ""}
        </span>
        <TimeBar step={step} begin={begin} end={end} />
      </button>
      {isOpen && hasDetails && (
        <div id={id} className="px-3 pt-1 pb-4 sm:pl-9">
          <StepDetails step={step} />
        </div>
      )}
    </>
  );
});

/** Returns what names a step: a model, a tool or an agent. */
function nameOf({ kind, span, call }: Step, words: Texts["runs"]): string {
  switch (kind) {
    case "task":
      return words.kinds.task;
    case "wait":
      return words.kinds.wait;
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
function summaryOf({ kind, state, span, turn, call }: Step, words: Texts["runs"]): string {
  if (kind === "task") return span?.input_preview?.slice(0, SUMMARY) ?? "";
  if (kind === "wait") return state === "running" ? words.waitsNow : words.waited;
  if (kind === "model" && state === "failed") return explainKind(span?.error, words);
  const text =
    kind === "tool"
      ? toSummary(call?.arguments ?? span?.input_preview)
      : turn?.text || span?.output_preview || turn?.reasoning;
  if (text) return text.slice(0, SUMMARY);
  const called = turn?.calls.map(({ name }) => name).join(", ");
  return called ? words.calls(called) : "";
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
