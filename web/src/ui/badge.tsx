import type { ReactNode } from "react";
import { cn } from "#web/ui/classes.ts";
import { TONE_SOFT, type Tone } from "#web/ui/tone.ts";

interface BadgeProps {
  readonly tone?: Tone;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Use for a kind or a count beside a name. A state that changes is a `Status`. */
export function Badge({ tone = "idle", className, children }: BadgeProps) {
  return (
    <span
      className={cn(
        "tabular inline-flex h-5 max-w-full shrink-0 items-center truncate rounded px-1.5 font-medium text-note",
        TONE_SOFT[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}

/** Use for a key that a person may press. Where there is only touch, it is left out. */
export function Kbd({ children }: { readonly children: ReactNode }) {
  return (
    <kbd className="inline-flex h-5 min-w-5 shrink-0 whitespace-nowrap pointer-coarse:hidden items-center justify-center rounded border border-line bg-page px-1 font-sans text-note text-soft">
      {children}
    </kbd>
  );
}
