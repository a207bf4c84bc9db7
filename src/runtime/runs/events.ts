import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

const Reference = z.object({ agent_id: z.string(), session_key: z.string() });

/** An attempt at a run has begun. A resumed run publishes it again. `after` is the cursor before its first event. */
export const runStarted = defineEvent({
  type: "run.started",
  entity: "run",
  payload: Reference.extend({ attempt: z.int(), after: z.string() }),
});

export const runEnded = defineEvent({
  type: "run.ended",
  entity: "run",
  payload: Reference.extend({ status: z.enum(["completed", "failed", "cancelled"]) }),
});

/** Somebody asked another node to stop a run. Only the node that works on it acts. */
export const runCancelRequested = defineEvent({
  type: "run.cancel_requested",
  entity: "run",
  payload: z.object({ reason: z.string() }),
});

/** Every kind of event about runs. */
export const runEvents = [runStarted, runEnded];
