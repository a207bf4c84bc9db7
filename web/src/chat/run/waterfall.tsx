import { useMemo } from "react";
import type { OutputOf } from "#client/index.ts";
import { useFormat, useTexts } from "#web/i18n/use-texts.tsx";
import { cn } from "#web/ui/classes.ts";
import { ToneIcon } from "#web/ui/status.tsx";

export type Span = OutputOf<"traces.get">["spans"][number];

const FILLS: Readonly<Record<Span["span_type"], string>> = {
  llm_call: "bg-chart-1",
  tool_call: "bg-chart-2",
  agent: "bg-chart-3",
  embedding: "bg-chart-4",
  event: "bg-chart-5",
};
/** A span is at least so wide, in percent, that it can be seen. */
const THINNEST = 0.6;

interface WaterfallProps {
  readonly spans: readonly Span[];
  readonly selectedId?: string | undefined;
  readonly onSelect?: (span: Span) => void;
}

/** The steps of a run on one scale of time, each below what it belongs to. */
export function Waterfall({ spans, selectedId, onSelect }: WaterfallProps) {
  const { conversation: words } = useTexts();
  const format = useFormat();
  const rows = useMemo(() => toRows(spans), [spans]);
  return (
    <ol aria-label={words.steps} className="flex flex-col">
      {rows.map(({ span, depth, from, width }) => (
        <li key={span.id}>
          <button
            type="button"
            aria-pressed={span.id === selectedId}
            disabled={!onSelect}
            onClick={() => onSelect?.(span)}
            className="focus-inset flex min-h-9 w-full flex-col justify-center gap-1 rounded-md px-1 py-1 text-left enabled:hover:bg-hover aria-pressed:bg-selected"
          >
            <span className="flex w-full items-center gap-2 text-table" style={{ paddingLeft: depth * 12 }}>
              {span.status === "error" && <ToneIcon tone="bad" />}
              <span className="sr-only">{words.spanKinds[span.span_type]}</span>
              <span className={cn("min-w-0 flex-1 truncate", span.status === "error" && "text-bad")}>
                {span.tool_name || span.model || span.name}
              </span>
              <span className="tabular shrink-0 text-note text-soft">
                {span.duration_ms === undefined ? words.running : format.duration(span.duration_ms)}
              </span>
            </span>
            <span aria-hidden className="block h-1.5 w-full rounded-full bg-hover">
              <span
                className={cn("block h-full rounded-full", FILLS[span.span_type], span.status === "error" && "bg-bad")}
                style={{ marginLeft: `${from}%`, width: `${width}%` }}
              />
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

interface Row {
  readonly span: Span;
  readonly depth: number;
  /** Its place on the scale, in percent. */
  readonly from: number;
  readonly width: number;
}

/** Places spans on the scale of all, and each after its parent. */
function toRows(spans: readonly Span[]): readonly Row[] {
  const times = spans.map((span) => {
    const start = Date.parse(span.start_time);
    return { span, start, end: start + (span.duration_ms ?? 0) };
  });
  const begin = Math.min(...times.map(({ start }) => start));
  const all = Math.max(1, Math.max(...times.map(({ end }) => end)) - begin);
  const known = new Set(spans.map(({ id }) => id));
  const children = Map.groupBy(times, ({ span: { parent_span_id: parent } }) =>
    parent !== undefined && known.has(parent) ? parent : undefined,
  );
  const rows: Row[] = [];
  const add = (parent: string | undefined, depth: number): void => {
    for (const { span, start, end } of children.get(parent) ?? []) {
      const from = Math.min(((start - begin) / all) * 100, 100 - THINNEST);
      rows.push({ span, depth, from, width: Math.min(Math.max(((end - start) / all) * 100, THINNEST), 100 - from) });
      add(span.id, depth + 1);
    }
  };
  add(undefined, 0);
  return rows;
}
