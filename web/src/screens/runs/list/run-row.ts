import type { OutputOf } from "#client/index.ts";
import type { RunStatusName } from "#web/chat/run/run-status.tsx";

/** A run as a line of the list, wherever it was read. */
export interface RunRow {
  readonly id: string;
  readonly agent: string;
  readonly task: string;
  readonly person: string;
  readonly status: RunStatusName;
  /** Unknown where the list was read from traces. */
  readonly model?: string | undefined;
  readonly tokens: number;
  readonly cost: number;
  /** In milliseconds. Absent while it is under way. */
  readonly duration?: number | undefined;
  readonly door: string;
  readonly at: string;
}

type Run = OutputOf<"runs.list">["runs"][number];
type Trace = OutputOf<"traces.list">["traces"][number];

export function fromRun(run: Run): RunRow {
  const { id, agent_key, input_preview, user_id, status, model, usage, cost, kind, created_at, ended_at } = run;
  return {
    ...{ id, agent: agent_key, task: input_preview, person: user_id, status, model, cost, door: kind, at: created_at },
    tokens: usage.input_tokens + usage.output_tokens,
    ...(ended_at !== undefined && { duration: Date.parse(ended_at) - Date.parse(created_at) }),
  };
}

const STATUSES = { running: "running", completed: "completed", error: "failed", cancelled: "cancelled" } as const;

export function fromTrace(trace: Trace): RunRow {
  return {
    id: trace.run_id,
    agent: trace.name.slice(trace.name.indexOf(" ") + 1),
    task: trace.input_preview ?? "",
    person: trace.user_id ?? "",
    status: STATUSES[trace.status],
    tokens: trace.total_input_tokens + trace.total_output_tokens,
    cost: trace.total_cost,
    duration: trace.duration_ms,
    door: trace.channel ?? "",
    at: trace.start_time,
  };
}
