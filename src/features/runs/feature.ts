import { defineFeature } from "#features/define-feature.ts";
import { runOperations } from "#features/runs/operations.ts";
import { runEvents } from "#runtime/runs/index.ts";

export const runFeature = defineFeature({ name: "runs", operations: runOperations, events: runEvents });
