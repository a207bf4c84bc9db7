import { defineMethod } from "#core/live/rpc-method.ts";
import { defineFeature } from "#features/define-feature.ts";
import { runEventViews } from "#features/runs/live/event-views.ts";
import { liveRunOperations } from "#features/runs/live/operations.ts";
import { runOperations } from "#features/runs/operations.ts";
import { runEvents } from "#runtime/runs/index.ts";

export const runFeature = defineFeature({
  name: "runs",
  operations: [...runOperations, ...liveRunOperations],
  events: runEvents,
  eventViews: runEventViews,
  methods: [defineMethod({ name: "run.timeline.get", operation: "runs.timeline" })],
});
