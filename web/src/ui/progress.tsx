import type { ReactNode } from "react";
import { useFormat } from "#web/i18n/use-texts.tsx";
import { cn } from "#web/ui/classes.ts";
import type { Tone } from "#web/ui/tone.ts";

const FILLS: Record<Tone, string> = {
  good: "bg-good",
  careful: "bg-careful",
  bad: "bg-bad",
  live: "bg-live",
  idle: "bg-accent",
};

interface MeterProps {
  readonly value: number;
  readonly max: number;
  readonly label: string;
  readonly tone?: Tone;
  /** Stands at the right end instead of the share. */
  readonly text?: ReactNode;
}

/** Use for how much of something is used, such as a quota. */
export function Meter({ value, max, label, tone = "idle", text }: MeterProps) {
  const format = useFormat();
  const share = max > 0 ? Math.min(Math.max(value / max, 0), 1) : 0;
  return (
    <div className="grid gap-1.5">
      <div className="flex justify-between gap-4 text-table">
        <span className="min-w-0 truncate">{label}</span>
        <span className="tabular shrink-0 text-soft">{text ?? format.percent(max > 0 ? value / max : 0)}</span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers draw a <meter> each in their own way */}
      <div
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuenow={Math.min(value, max)}
        className="h-1.5 overflow-hidden rounded-full bg-line"
      >
        <div
          className={cn("h-full rounded-full transition-[width]", FILLS[tone])}
          style={{ width: `${share * 100}%` }}
        />
      </div>
    </div>
  );
}
