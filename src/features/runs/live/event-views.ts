import { defineEventView } from "#core/live/client-event.ts";
import { runEnded, runStarted } from "#runtime/runs/index.ts";

const TRACE_STATUS = { completed: "completed", failed: "error", cancelled: "cancelled" } as const;

/** A trace is the view of a run, so its state follows that of the run. */
export const runEventViews = [
  defineEventView(runStarted, ({ entityId: traceId }) => ({
    event: "trace.status",
    payload: { traceId, status: "running" },
  })),
  defineEventView(runEnded, ({ entityId: traceId, payload: { status } }) => ({
    event: "trace.status",
    payload: { traceId, status: TRACE_STATUS[status] },
  })),
];
