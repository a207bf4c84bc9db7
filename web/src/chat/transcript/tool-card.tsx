import { ChevronRight } from "lucide-react";
import { useState } from "react";
import type { CallState } from "#web/chat/run/run-state.ts";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { cn } from "#web/ui/classes.ts";
import { Status } from "#web/ui/status.tsx";
import { CodeBlock } from "#web/ui/text/code-block.tsx";
import { JsonView } from "#web/ui/text/json-view.tsx";

/** A longer text is shown in a box that scrolls. */
const MAX_HEIGHT = "20rem";

/** A call of a tool: its name and state in one line, its arguments and its result below when it is opened. */
export function ToolCard({ call }: { readonly call: CallState }) {
  const { conversation: words } = useTexts();
  const { name, result, progress, isClient } = call;
  const isFailed = result?.isError ?? false;
  const [isOpen, setIsOpen] = useState(false);
  const tone = result ? (isFailed ? "bad" : "good") : isClient ? "idle" : "live";
  const state = result ? (isFailed ? words.failed : words.succeeded) : isClient ? words.byCaller : words.running;
  return (
    <div className="rounded-lg border border-line bg-card">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="focus-inset flex min-h-9 w-full items-center gap-2 rounded-lg px-3 py-1.5 text-left text-table hover:bg-hover"
      >
        <ChevronRight
          aria-hidden
          className={cn("size-4 shrink-0 text-faint transition-transform", isOpen && "rotate-90")}
        />
        <span className="shrink-0 font-mono text-code">{name}</span>
        <span className="min-w-0 flex-1 truncate text-soft">{progress?.message ?? toSummary(call.arguments)}</span>
        <Status tone={tone}>{state}</Status>
      </button>
      {isOpen && (
        <div className="flex flex-col gap-3 border-line border-t p-3">
          <Labelled label={words.arguments}>
            <JsonView value={parse(call.arguments)} />
          </Labelled>
          <Labelled label={words.result}>
            {result ? (
              <CodeBlock code={result.text} wrap maxHeight={MAX_HEIGHT} />
            ) : (
              <span className="text-soft">{words.noResult}</span>
            )}
          </Labelled>
        </div>
      )}
    </div>
  );
}

function Labelled({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span className="text-note text-soft">{label}</span>
      {children}
    </div>
  );
}

/** Arguments are what a model wrote, so they may be no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Returns the first text among the arguments, which mostly says what a call is about. */
function toSummary(text: string): string {
  const value = parse(text);
  if (value === null || typeof value !== "object") return "";
  return String(Object.values(value).find((each) => typeof each === "string") ?? "").slice(0, 200);
}
