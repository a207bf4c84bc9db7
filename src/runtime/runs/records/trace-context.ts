import type { RunRow } from "#runtime/runs/claim-run.ts";

/** The W3C trace context of a call. https://www.w3.org/TR/trace-context/ */
export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits: the span under which the next one stands. */
  readonly spanId: string;
  readonly isSampled: boolean;
}

const HEADER = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;
const SAMPLED = 1;

/** Parses a `traceparent` header. Returns undefined if it is no valid one, which then counts as absent. */
export function parseTraceParent(header: string | null | undefined): TraceContext | undefined {
  const [, version = "ff", traceId = "", spanId = "", flags = ""] = HEADER.exec(header?.trim() ?? "") ?? [];
  const isKnown = version !== "ff" && (version !== "00" || header?.trim().length === "00-".length + 32 + 1 + 16 + 3);
  if (!isKnown || /^0*$/.test(traceId) || /^0*$/.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}

export const toTraceParent = ({ traceId, spanId, isSampled }: TraceContext): string =>
  `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;

/** Returns the id of a span in the format of other systems. Its end is the random part of a row's id. */
export const spanIdOf = (id: string): string => id.replaceAll("-", "").slice(16);

/** Returns the context of what a run does: its caller's trace or one of its own, below the span of the agent. */
export function traceContextOf({
  id,
  trace_id,
  trace_parent,
}: Pick<RunRow, "id" | "trace_id" | "trace_parent">): TraceContext {
  const caller = parseTraceParent(trace_parent);
  return { traceId: caller?.traceId ?? trace_id, spanId: spanIdOf(id), isSampled: caller?.isSampled ?? true };
}

/** A run as its trace knows it. */
export interface TracedRun {
  readonly id: string;
  readonly traceId: string;
  readonly context: TraceContext;
  /** True if the caller sent a trace context, which then goes along with each call. */
  readonly isPassedOn: boolean;
  /** False if no text of the run may stay. */
  readonly keepsText: boolean;
}
