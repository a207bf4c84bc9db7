import { z } from "zod";
import { ACCESS } from "#core/access/access.ts";
import { requireLive } from "#core/live/require-live.ts";
import { defineOperation } from "#core/operation.ts";
import { readTimeline, Timeline, TimelineInput } from "#features/runs/live/read-timeline.ts";
import { readCursor } from "#features/runs/read-run-events.ts";
import { getRunRow } from "#features/runs/repository.ts";
import { RunStatus } from "#runtime/runs/index.ts";

const RunId = z.string().min(1).describe("The id of the run");

/** What clients on a WebSocket ask about runs. */
export const liveRunOperations = [
  defineOperation({
    name: "runs.subscribe",
    access: ACCESS.read,
    summary: "Follow a run on this connection",
    description:
      "What the client missed comes first: the events after the cursor, then the text under way, then what happens. " +
      "There is no gap and no duplicate. A run that the connection follows already begins anew, after this answer.",
    input: z.object({
      run_id: RunId,
      after: z.string().max(40).optional().describe("A cursor, `<seq>` or `<seq>:<offset>`: only what came after it"),
      after_seq: z.int().min(0).optional().describe("The number of the last event that the client has"),
    }),
    otherNames: { afterSeq: "after_seq" },
    output: z.object({ run_id: z.string(), status: RunStatus }),
    run: async (ctx, { run_id, after, after_seq }) => {
      const live = requireLive(ctx);
      const run = await getRunRow(ctx, run_id);
      const cursor = after ?? (after_seq === undefined ? "" : String(after_seq));
      readCursor(cursor);
      live.restartRun(run.id, cursor);
      return { run_id: run.id, status: run.status as RunStatus };
    },
  }),
  defineOperation({
    name: "runs.timeline",
    access: ACCESS.read,
    summary: "Read what a run did, step by step",
    description: "One run by its id, or the latest one of a session. An offset counts events.",
    input: TimelineInput,
    output: Timeline,
    run: readTimeline,
  }),
  defineOperation({
    name: "runs.unsubscribe",
    access: ACCESS.read,
    summary: "Stop following a run on this connection",
    description: "The run goes on.",
    input: z.object({ run_id: RunId }),
    output: z.object({ run_id: z.string() }),
    run: async (ctx, { run_id }) => {
      requireLive(ctx).hideRun(run_id);
      return { run_id };
    },
  }),
];
