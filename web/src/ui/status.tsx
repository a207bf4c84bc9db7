import type { ReactNode } from "react";
import { cn } from "#web/ui/classes.ts";
import { TONE_TEXT, type Tone } from "#web/ui/tone.ts";

const STROKE = { fill: "none", stroke: "currentColor", strokeWidth: 1.5, strokeLinecap: "round" } as const;

function Shape({ tone }: { readonly tone: Tone }) {
  switch (tone) {
    case "good":
      return (
        <>
          <circle cx="7" cy="7" r="5.5" {...STROKE} />
          <path d="m4.6 7.2 1.7 1.7 3.2-3.6" strokeLinejoin="round" {...STROKE} />
        </>
      );
    case "careful":
      return (
        <>
          <path d="M7 1.6 13 12.2H1Z" strokeLinejoin="round" {...STROKE} />
          <path d="M7 5.6v3M7 10.4v.1" {...STROKE} />
        </>
      );
    case "bad":
      return (
        <>
          <path d="M4.6 1.2h4.8l3.4 3.4v4.8l-3.4 3.4H4.6L1.2 9.4V4.6Z" fill="currentColor" />
          <path d="m5 5 4 4m0-4-4 4" stroke="var(--card)" strokeWidth="1.5" strokeLinecap="round" />
        </>
      );
    case "live":
      return (
        <>
          <circle cx="7" cy="7" r="6" fill="currentColor" className="origin-center animate-live opacity-0" />
          <circle cx="7" cy="7" r="3.5" fill="currentColor" />
        </>
      );
    case "idle":
      return <circle cx="7" cy="7" r="4.25" {...STROKE} />;
  }
}

interface ToneIconProps {
  readonly tone: Tone;
  readonly className?: string;
}

/** Use for the shape of a meaning alone, where its word stands elsewhere. */
export function ToneIcon({ tone, className }: ToneIconProps) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 14 14"
      className={cn("size-3.5 shrink-0 overflow-visible", TONE_TEXT[tone], className)}
    >
      <Shape tone={tone} />
    </svg>
  );
}

interface StatusProps {
  readonly tone: Tone;
  readonly className?: string;
  /** The word for the state. */
  readonly children: ReactNode;
}

/** Use for the state that a thing is in: a shape and a word, so colour is never all there is. */
export function Status({ tone, className, children }: StatusProps) {
  return (
    <span className={cn("inline-flex min-w-0 max-w-full items-center gap-1.5 align-top", className)}>
      <ToneIcon tone={tone} />
      <span className="truncate">{children}</span>
    </span>
  );
}
