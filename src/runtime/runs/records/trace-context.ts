import type { TraceHeaders } from "#base/trace-headers.ts";
import type { RunRow } from "#runtime/runs/claim-run.ts";

/** The W3C trace context of a call. https://www.w3.org/TR/trace-context/ */
export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits: the span under which the next one stands. */
  readonly spanId: string;
  readonly isSampled: boolean;
  /** What the caller's trace carries along. */
  readonly state?: string | undefined;
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

const MAX_STATE_CHARS = 512;
const MAX_STATE_MEMBERS = 32;
const STATE_MEMBER =
  /^([a-z0-9][_0-9a-z\-*/@]{0,255})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** Parses a `tracestate` header. Returns undefined if it is invalid or too long, which then counts as absent. */
export function parseTraceState(header: string | null | undefined): string | undefined {
  const members = (header ?? "")
    .split(",")
    .map((member) => member.trim())
    .filter((member) => member !== "");
  const state = members.join(",");
  if (members.length === 0 || members.length > MAX_STATE_MEMBERS || state.length > MAX_STATE_CHARS) return undefined;
  const keys = members.map((member) => STATE_MEMBER.exec(member)?.[1]);
  return keys.includes(undefined) || new Set(keys).size < keys.length ? undefined : state;
}

/** Returns the trace of a caller as a run keeps it. What is invalid is left out, and a state needs a valid parent. */
export function toTraceColumns(headers: TraceHeaders | undefined): Pick<RunRow, "trace_parent" | "trace_state"> {
  if (!headers || !parseTraceParent(headers.traceparent)) return { trace_parent: null, trace_state: null };
  return { trace_parent: headers.traceparent, trace_state: parseTraceState(headers.tracestate) ?? null };
}

export const toTraceHeaders = ({ traceId, spanId, isSampled, state }: TraceContext): TraceHeaders => ({
  traceparent: `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`,
  ...(state !== undefined && { tracestate: state }),
});

/** Returns the id of a span in the format of other systems. Its end is the random part of a row's id. */
export const spanIdOf = (id: string): string => id.replaceAll("-", "").slice(16);

/** Returns the context of what a run does: its caller's trace or one of its own, below the span of the agent. */
export function traceContextOf({
  id,
  trace_id,
  trace_parent,
  trace_state,
}: Pick<RunRow, "id" | "trace_id" | "trace_parent" | "trace_state">): TraceContext {
  const caller = parseTraceParent(trace_parent);
  return {
    traceId: caller?.traceId ?? trace_id,
    spanId: spanIdOf(id),
    isSampled: caller?.isSampled ?? true,
    state: trace_state ?? undefined,
  };
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
