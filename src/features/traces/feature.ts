import { z } from "zod";
import { UNKNOWN_TYPE } from "#base/media/media-types.ts";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { defineFeature } from "#features/define-feature.ts";
import { exportTrace } from "#features/traces/export-trace.ts";
import { followTraces } from "#features/traces/follow-traces.ts";
import { getTraceDetail } from "#features/traces/get-trace.ts";
import { listTraces } from "#features/traces/list-traces.ts";
import {
  FollowedTraces,
  FollowTracesInput,
  ListTracesInput,
  TraceDetail,
  TracePage,
  TracePath,
} from "#features/traces/schema.ts";

const OWN = "Administrators see all of the tenant, other callers those of their own runs.";

const operations = [
  defineOperation({
    name: "traces.list",
    http: { method: "GET", path: "/v1/traces" },
    access: ACCESS.read,
    summary: "List what runs did, newest first",
    description: `${OWN} \`total\` counts to 10,000.`,
    input: ListTracesInput,
    output: TracePage,
    run: listTraces,
  }),
  defineOperation({
    name: "traces.follow",
    http: { method: "GET", path: "/v1/traces/follow" },
    access: ACCESS.read,
    summary: "Return what changed in the traces of a session or an agent",
    description: `${OWN} Ask again with \`next_since\` of the answer as \`since\`. Spans appear within seconds of their end.`,
    input: FollowTracesInput,
    output: FollowedTraces,
    run: followTraces,
  }),
  defineOperation({
    name: "traces.get",
    http: { method: "GET", path: "/v1/traces/{id}" },
    access: ACCESS.read,
    summary: "Read a trace with its spans",
    description: "Spans are the agent's own work, its calls of models and tools, and the agents that worked for it.",
    input: TracePath,
    output: TraceDetail,
    run: getTraceDetail,
  }),
  defineOperation({
    name: "traces.export",
    http: { method: "GET", path: "/v1/traces/{id}/export" },
    access: ACCESS.read,
    summary: "Download a trace with those of the agents that worked for it",
    description: "JSON, compressed with gzip, with up to ten levels of `sub_traces`.",
    input: TracePath,
    output: z.string(),
    answers: { bytes: { mediaType: UNKNOWN_TYPE } },
    run: exportTrace,
  }),
];

export const traceFeature = defineFeature({ name: "traces", operations });
