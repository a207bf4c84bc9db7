import { useEffect, useRef } from "react";
import { useTexts } from "#web/i18n/use-texts.tsx";
import { useCall } from "#web/live/use-call.ts";
import { type MemoryKey, toDocumentInput } from "#web/screens/knowledge/memory/memory-key.ts";
import { cn } from "#web/ui/classes.ts";

/** Lines of a document, from the first to the last. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

interface DocumentSourceProps {
  readonly id: MemoryKey;
  readonly content: string;
  readonly hit: Stretch | undefined;
}

/** A document as it is written, split into the stretches that searches find. The one that was found is marked. */
export function DocumentSource({ id, content, hit }: DocumentSourceProps) {
  const { knowledge: words } = useTexts();
  const chunks = useCall("memory.chunks", toDocumentInput(id));
  const found = useRef<HTMLElement>(null);
  const lines = content.replace(/\n$/, "").split("\n");
  const starts = (chunks.data ?? []).map(({ start_line }) => start_line);
  const parts = splitLines(lines.length, [...starts, ...(hit ? [hit.start, hit.end + 1] : [])]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the parts decide where it stands
  useEffect(() => found.current?.scrollIntoView({ block: "nearest" }), [parts.length, hit?.start]);

  return (
    <div className="min-w-0 overflow-hidden rounded-lg border border-line bg-page font-mono text-code">
      {parts.map(({ start, end }) => {
        const isHit = hit !== undefined && start >= hit.start && end <= hit.end;
        const chunk = chunks.data?.find(({ start_line }) => start_line === start);
        return (
          <section
            key={start}
            ref={isHit && start === hit.start ? found : undefined}
            aria-label={words.lines(start, end)}
            className={cn("flex border-line border-t first:border-t-0", isHit && "bg-accent-soft")}
          >
            <span
              aria-hidden="true"
              className="tabular w-20 shrink-0 select-none px-2 py-1.5 text-right text-faint text-note"
            >
              {start === end ? start : `${start}–${end}`}
              {chunk?.has_embedding && <span title={words.hasMeaning}> ◆</span>}
            </span>
            <pre className="min-w-0 flex-1 whitespace-pre-wrap break-words py-1.5 pr-3">
              {lines.slice(start - 1, end).join("\n")}
            </pre>
            {isHit && <span className="sr-only">{words.foundHere}</span>}
          </section>
        );
      })}
    </div>
  );
}

/** Splits lines where something begins. */
function splitLines(count: number, starts: readonly number[]): readonly Stretch[] {
  const sorted = [...new Set([1, ...starts])].filter((start) => start >= 1 && start <= count).sort((a, b) => a - b);
  return sorted.map((start, index) => ({ start, end: (sorted[index + 1] ?? count + 1) - 1 }));
}
