import type { ReactNode } from "react";
import { cn } from "#web/ui/classes.ts";
import { type RenderLink, useRenderLink } from "#web/ui/link.tsx";
import { ToneIcon } from "#web/ui/status.tsx";
import { TONE_TEXT, type Tone } from "#web/ui/tone.ts";

interface StatProps {
  readonly label: ReactNode;
  readonly value: ReactNode;
  /** How it differs from before, in words. */
  readonly change?: { readonly text: string; readonly tone: Tone };
  /** Leads to the numbers behind it. */
  readonly href?: string;
  readonly onOpen?: () => void;
  readonly renderLink?: RenderLink;
  /** Stands below, such as a `Sparkline`. */
  readonly children?: ReactNode;
}

/** Use for one number that a person watches. Give it a way to what it is made of. */
export function Stat({ label, value, change, href, onOpen, renderLink: own, children }: StatProps) {
  const renderLink = useRenderLink(own);
  const look = "flex min-w-0 flex-col rounded-lg border border-line bg-card px-4 py-3 text-left";
  const face = (
    <>
      <span className="truncate text-soft">{label}</span>
      <span className="tabular mt-1 truncate font-semibold text-title">{value}</span>
      {change && (
        <span className={cn("mt-0.5 flex items-center gap-1.5 text-note", TONE_TEXT[change.tone])}>
          {change.tone !== "idle" && <ToneIcon tone={change.tone} className="size-3" />}
          <span className="truncate">{change.text}</span>
        </span>
      )}
      {children && <span className="mt-auto pt-2">{children}</span>}
    </>
  );
  const opens = "transition-colors hover:border-line-strong hover:bg-hover";
  if (href !== undefined) return renderLink({ href, className: cn(look, opens), children: face });
  if (onOpen)
    return (
      <button type="button" onClick={onOpen} className={cn(look, opens, "w-full")}>
        {face}
      </button>
    );
  return <div className={look}>{face}</div>;
}
