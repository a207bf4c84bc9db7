import type { Step } from "#web/screens/runs/run/story/to-steps.ts";
import { cn } from "#web/ui/classes.ts";

interface TimeBarProps {
  readonly step: Step;
  readonly begin: number;
  readonly end: number;
}

const FILLS: Readonly<Record<Step["kind"], string>> = {
  task: "bg-transparent",
  wait: "bg-line-strong/50",
  model: "bg-chart-1",
  tool: "bg-chart-2",
  agent: "bg-chart-3",
  other: "bg-chart-5",
};
/** A bar is at least so wide, in percent, that it can be seen. */
const THINNEST = 0.8;

/** When a step was, on the scale of its run. What goes on reaches to the end of the scale. */
export function TimeBar({ step: { kind, state, start, end: stop, span }, begin, end }: TimeBarProps) {
  const all = Math.max(1, end - begin);
  const from = clamp(((start - begin) / all) * 100, 0, 100 - THINNEST);
  const width = clamp((((stop ?? end) - start) / all) * 100, THINNEST, 100 - from);
  return (
    <span
      aria-hidden="true"
      className="relative col-span-2 h-2 w-full rounded-full bg-hover md:col-span-1 md:h-full md:min-h-7 md:rounded-none md:bg-[linear-gradient(to_right,var(--line)_1px,transparent_1px)] md:bg-[size:25%_100%] md:bg-transparent"
    >
      <span
        className={cn(
          "absolute top-1/2 h-2 -translate-y-1/2 rounded-full md:h-2.5",
          FILLS[kind],
          state === "failed" && "bg-bad",
          state === "stopped" && "opacity-50",
          state === "running" && "bg-live",
        )}
        style={{ left: `${from}%`, width: `${width}%` }}
      >
        {/* Paler while the first token was awaited. */}
        <span
          className="absolute inset-y-0 left-0 rounded-full bg-card/60"
          style={{ width: `${waitedShare(span)}%` }}
        />
      </span>
    </span>
  );
}

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);

/** Returns the part of a model call in which nothing came yet, in percent. */
function waitedShare(span: Step["span"]): number {
  const waited = span?.metadata.first_token_ms;
  return typeof waited === "number" ? clamp((waited / Math.max(1, span?.duration_ms ?? 1)) * 100, 0, 100) : 0;
}
