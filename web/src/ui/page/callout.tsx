import type { ReactNode } from "react";
import { cn } from "#web/ui/classes.ts";
import { ToneIcon } from "#web/ui/status.tsx";
import { TONE_TEXT, type Tone } from "#web/ui/tone.ts";

const LOOKS: Record<Tone, string> = {
  good: "border-good/30 bg-good-soft",
  careful: "border-careful/30 bg-careful-soft",
  bad: "border-bad/30 bg-bad-soft",
  live: "border-live/30 bg-live-soft",
  idle: "border-line bg-hover",
};

interface CalloutProps {
  readonly tone: Tone;
  readonly title?: ReactNode;
  readonly action?: ReactNode;
  readonly children?: ReactNode;
}

/** Use for what a person should read before they go on. One that is `bad` is read out at once. */
export function Callout({ tone, title, action, children }: CalloutProps) {
  return (
    <div
      {...(tone === "bad" && { role: "alert" })}
      className={cn("flex flex-wrap items-start gap-x-3 gap-y-2 rounded-lg border px-3 py-2.5", LOOKS[tone])}
    >
      <ToneIcon tone={tone} className="mt-[3px]" />
      <div className="min-w-0 flex-1 basis-48">
        {title && <p className={cn("font-medium", tone !== "idle" && TONE_TEXT[tone])}>{title}</p>}
        {children && <div className="max-w-[72ch] break-words">{children}</div>}
      </div>
      {action}
    </div>
  );
}
