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
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { StepDetails } from "#web/screens/runs/run/story/step-details.tsx";
import { nameOf, summaryOf } from "#web/screens/runs/run/story/step-words.ts";
import { STORY_GRID } from "#web/screens/runs/run/story/story-grid.ts";
import { TimeBar } from "#web/screens/runs/run/story/time-bar.tsx";
import type { Step } from "#web/screens/runs/run/story/to-steps.ts";
import { Badge } from "#web/ui/badge.tsx";
import { cn } from "#web/ui/classes.ts";
import { ToneIcon } from "#web/ui/status.tsx";

interface StepRowProps {
  readonly step: Step;
  /** Names it in the URL. */
  readonly name: string;
  readonly isOpen: boolean;
  /** The same function each time, so that other rows stay as they are. */
  readonly onToggle: (key: string, opens: boolean) => void;
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
/** Steps are made anew with each event, but most of them say the same as before. */
const isSame = (before: StepRowProps, now: StepRowProps): boolean =>
  before.name === now.name &&
  before.isOpen === now.isOpen &&
  before.begin === now.begin &&
  before.end === now.end &&
  before.onToggle === now.onToggle &&
  STEP_FIELDS.every((field) => before.step[field] === now.step[field]);

const STEP_FIELDS = ["id", "kind", "state", "start", "end", "span", "turn", "call", "after", "before"] as const;

/** A step of a run: a line that says what, how long and when, and its details below once it is opened. */
export const StepRow = memo(function StepRow({ step, name, isOpen, onToggle, begin, end }: StepRowProps) {
  const { runs: words } = useTexts();
  const format = useFormat();
  const id = useId();
  const { kind, state, after } = step;
  const Icon = ICONS[kind];
  const hasDetails = kind !== "wait";
  const isBad = state === "failed";
  const look = cn(STORY_GRID, "min-h-10 w-full items-center px-3 py-1.5 text-left text-table pointer-coarse:min-h-11");
  const face = (
    <>
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
          ? kind === "wait"
            ? words.waiting
            : words.states.running
          : step.span || kind === "wait"
            ? format.duration(step.end - step.start)
            : ""}
      </span>
      <TimeBar step={step} begin={begin} end={end} />
    </>
  );
  if (!hasDetails) return <div className={look}>{face}</div>;
  return (
    <>
      <button
        type="button"
        data-step={name}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => onToggle(name, !isOpen)}
        className={cn(look, "focus-inset hover:bg-hover")}
      >
        {face}
      </button>
      {isOpen && (
        <div id={id} className="px-3 pt-1 pb-4 sm:pl-9">
          <StepDetails step={step} />
        </div>
      )}
    </>
  );
}, isSame);
