import type { OutputOf } from "#client/index.ts";
import type { CallState, RunState, TurnState } from "#web/chat/run/run-state.ts";

export type Run = OutputOf<"runs.get">;
export type Span = OutputOf<"traces.get">["spans"][number];

/** Something that a run did, as one row of its story. Times are milliseconds since 1970. */
export interface Step {
  readonly id: string;
  readonly kind: "task" | "wait" | "model" | "tool" | "agent" | "other";
  readonly state: "running" | "completed" | "failed" | "stopped";
  readonly start: number;
  /** Absent while it goes on. */
  readonly end?: number | undefined;
  readonly span?: Span | undefined;
  readonly turn?: TurnState | undefined;
  readonly call?: CallState | undefined;
  /** Of a model call: the message after those that it read. Absent if nothing came after them. */
  readonly before?: string | undefined;
  /** A model call after one that failed: of the same model, or of another. */
  readonly after?: "retry" | "fallback" | undefined;
}

/** Returns what tells a step from others. Spans and events name it differently, and either may arrive first. */
export const namesOf = ({ id, turn, call }: Step): readonly string[] =>
  [turn?.messageId, call?.id, id].filter((name) => name !== undefined);

/** A shorter wait for a worker is nothing to tell. */
const SHORT_WAIT = 250;
/** So much of a text tells an answer from another. */
const BEGINNING = 40;

const timeOf = (iso: string) => Date.parse(iso);

/**
 * Makes the rows of a story. Spans know times and costs, and are there once a call has ended. The run's events know the
 * full texts, and what goes on now.
 */
export function toSteps(run: Run, spans: readonly Span[], state: RunState | undefined): readonly Step[] {
  const calls = new Map(state?.turns.flatMap((turn) => turn.calls.map((call) => [call.id, call] as const)));
  const own = spans.filter(({ id }) => id !== run.id);
  const turns = matchTurns(own, state?.turns ?? []);
  const told = new Set<string>();
  const steps: Step[] = [...toTask(run, spans), ...toWait(run)];
  let before: Span | undefined;
  for (const span of own) {
    const call = span.tool_call_id === undefined ? undefined : calls.get(span.tool_call_id);
    const turn = turns.get(span.id);
    if (call) told.add(call.id);
    if (turn) told.add(turn.messageId);
    const start = timeOf(span.start_time);
    steps.push({
      ...{ id: span.id, kind: kindOf(span), state: stateOf(span), start, span, turn, call },
      end: span.duration_ms === undefined ? undefined : start + span.duration_ms,
      ...(span.span_type === "llm_call" && { after: afterOf(before, span) }),
    });
    if (span.span_type === "llm_call") before = span;
  }
  const last = steps.reduce((latest, { end = 0 }) => Math.max(latest, end), timeOf(run.started_at ?? run.created_at));
  return withBefore([...steps, ...toUntold(run, state, told, last)]);
}

/** A call that failed read what the call after it read. */
function withBefore(steps: readonly Step[]): readonly Step[] {
  let before: string | undefined;
  return steps
    .toReversed()
    .map((step) => {
      if (step.kind !== "model") return step;
      before = step.turn?.messageId ?? before;
      return { ...step, before };
    })
    .toReversed();
}

/** A task that the title shows in full needs no row. */
const SHORT_TASK = 140;

function toTask({ id, created_at, input_preview }: Run, spans: readonly Span[]): readonly Step[] {
  const span = spans.find((own) => own.id === id);
  const text = span?.input_preview ?? input_preview;
  if (text.length <= SHORT_TASK && !text.includes("\n")) return [];
  const start = timeOf(created_at);
  return [{ id: "task", kind: "task", state: "completed", start, end: start, span }];
}

function toWait({ created_at, started_at, ended_at }: Run): readonly Step[] {
  const start = timeOf(created_at);
  const over = started_at ?? ended_at;
  if (over === undefined) return [{ id: "wait", kind: "wait", state: "running", start }];
  const end = timeOf(over);
  return end - start < SHORT_WAIT ? [] : [{ id: "wait", kind: "wait", state: "completed", start, end }];
}

function kindOf({ span_type }: Span): Step["kind"] {
  switch (span_type) {
    case "llm_call":
      return "model";
    case "tool_call":
      return "tool";
    case "agent":
      return "agent";
    default:
      return "other";
  }
}

function stateOf({ status, error }: Span): Step["state"] {
  if (status !== "error") return status;
  return error === "aborted" || error?.startsWith("aborted:") ? "stopped" : "failed";
}

function afterOf(before: Span | undefined, { provider, model }: Span): Step["after"] {
  if (before?.status !== "error") return undefined;
  return before.provider === provider && before.model === model ? "retry" : "fallback";
}

/** Finds the message that each model call wrote. A call that failed wrote none that stayed. */
function matchTurns(spans: readonly Span[], turns: readonly TurnState[]): ReadonlyMap<string, TurnState> {
  const wrote = spans.filter((span) => span.span_type === "llm_call" && stateOf(span) !== "failed");
  const areEqual = wrote.length === turns.length;
  const found = new Map<string, TurnState>();
  let next = 0;
  for (const { id, output_preview = "" } of wrote) {
    const turn = turns[next];
    const beginning = turn?.text.trimStart().slice(0, BEGINNING) ?? "";
    if (!turn || !(areEqual || output_preview.trimStart().startsWith(beginning))) continue;
    found.set(id, turn);
    next += 1;
  }
  return found;
}

/** What no span tells yet: the call that goes on, and tools at work. Their times are not known exactly. */
function toUntold(
  { ended_at }: Run,
  state: RunState | undefined,
  told: ReadonlySet<string>,
  start: number,
): readonly Step[] {
  const isOver = ended_at !== undefined || state?.phase === "ended";
  const end = isOver ? start : undefined;
  return (state?.turns ?? []).flatMap((turn): readonly Step[] => [
    ...(told.has(turn.messageId)
      ? []
      : [
          {
            ...{ id: turn.messageId, kind: "model" as const, start, end, turn },
            state: turn.isComplete ? ("completed" as const) : isOver ? ("stopped" as const) : ("running" as const),
          },
        ]),
    ...turn.calls
      .filter(({ id }) => !told.has(id))
      .map((call) => ({ id: call.id, kind: "tool" as const, start, end, call, state: stateOfCall(call, isOver) })),
  ]);
}

function stateOfCall({ result }: CallState, isOver: boolean): Step["state"] {
  if (result) return result.isError ? "failed" : "completed";
  return isOver ? "stopped" : "running";
}
