import { failedPrecondition } from "#base/errors.ts";
import { LIMITS } from "#base/limits.ts";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { listRunMessages } from "#features/runs/list-run-messages.ts";
import { readRunEvents } from "#features/runs/read-run-events.ts";
import { getRunRow, listRunRows, toRun, toRuns } from "#features/runs/repository.ts";
import {
  ListRunMessagesInput,
  ListRunsInput,
  RunEvents,
  RunEventsInput,
  RunEventWire,
  RunList,
  RunRef,
  StartRunInput,
  WakeInput,
  WakeOutput,
} from "#features/runs/schema.ts";
import { repeatRun } from "#features/runs/start/repeat-run.ts";
import { startRun } from "#features/runs/start/start-run.ts";
import { wakeAgent } from "#features/runs/start/wake-agent.ts";
import { MessageList } from "#features/sessions/index.ts";
import { runEngine } from "#runtime/engine/index.ts";
import { Run } from "#runtime/runs/index.ts";

const EXAMPLE = {
  id: "01a2047e-effb-71b7-96c8-df5e7e852d34",
  agent_id: "01a2047e-e9a8-708b-bc4f-234b90981f62",
  agent_key: "default",
  session_key: "agent:default:api-ed8f2e26",
  user_id: "ada",
  kind: "api",
  status: "completed",
  finish: "stop",
  attempt: 1,
  input_preview: "Write a haiku about rivers.",
  output: "Old river, new rain\u2026",
  provider: "anthropic",
  model: "claude-sonnet-4-5",
  usage: {
    input_tokens: 412,
    output_tokens: 19,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    reasoning_tokens: 0,
  },
  cost: 0.0021,
  trace_id: "75dde231304408494621978972fd7054",
  created_at: "2026-11-22T18:22:37.561Z",
  started_at: "2026-11-22T18:22:37.565Z",
  ended_at: "2026-11-22T18:22:39.580Z",
};

export const runOperations = [
  defineOperation({
    name: "agents.wake",
    http: { method: "POST", path: "/v1/agents/{id}/wake" },
    runsOnce: true,
    access: ACCESS.run,
    summary: "Run an agent on one message and wait for its answer",
    description:
      "For programs that speak no chat protocol. A session_key continues a session; without one a new session begins. " +
      "The answer's X-GoClaw-Model names the provider and model that answered, as `<provider>/<model>`.",
    input: WakeInput,
    output: WakeOutput,
    errors: ["FAILED_PRECONDITION", "AGENT_TIMEOUT"],
    example: {
      input: { message: "The nightly build failed. Say why." },
      output: {
        content: "A test timed out: see the log of step 3.",
        run_id: EXAMPLE.id,
        session_key: "agent:default:wake-1a2b3c4d",
        usage: { prompt_tokens: 412, completion_tokens: 14, total_tokens: 426 },
      },
    },
    run: wakeAgent,
  }),
  defineOperation({
    name: "runs.start",
    http: { method: "POST", path: "/v1/agents/{id}/runs", status: 202 },
    runsOnce: true,
    access: ACCESS.run,
    summary: "Start a run in the background",
    description: "The run goes on whether or not anybody listens. Follow it at /v1/runs/{id}/events.",
    body: { maxBytes: LIMITS.chatBody },
    input: StartRunInput,
    output: Run,
    errors: ["FAILED_PRECONDITION"],
    example: { input: { input: "Write a haiku about rivers." }, output: EXAMPLE },
    run: startRun,
  }),
  defineOperation({
    name: "runs.list",
    http: { method: "GET", path: "/v1/runs" },
    access: ACCESS.read,
    summary: "List runs, newest first",
    description: "Administrators see every run of their tenant, others their own.",
    input: ListRunsInput,
    output: RunList,
    example: { output: { runs: [EXAMPLE], total: 1, limit: 20, offset: 0 } },
    run: async (ctx, input) => {
      const { rows, ...page } = await listRunRows(ctx, input);
      return { runs: await toRuns(ctx, rows), ...page };
    },
  }),
  defineOperation({
    name: "runs.get",
    http: { method: "GET", path: "/v1/runs/{id}" },
    access: ACCESS.read,
    summary: "Get a run",
    description: "Its state, its output once it has ended, its error, usage and cost.",
    input: RunRef,
    output: Run,
    example: { output: EXAMPLE },
    run: async (ctx, { id }) => toRun(ctx, await getRunRow(ctx, id)),
  }),
  defineOperation({
    name: "runs.cancel",
    http: { method: "POST", path: "/v1/runs/{id}/cancel" },
    runsOnce: true,
    access: { ...ACCESS.run, rate: "standard" },
    summary: "Ask a run to stop",
    description: "The run ends as cancelled as soon as its worker hears of it; what it wrote so far is kept.",
    input: RunRef,
    output: Run,
    errors: ["FAILED_PRECONDITION"],
    run: async (ctx, { id }) => {
      const run = await getRunRow(ctx, id);
      const isRequested = await ctx.use(runEngine).cancel(ctx.db, run.id, `cancelled by ${ctx.userId}`);
      if (!isRequested) throw failedPrecondition("error.run_ended", { id }, "run_ended");
      return toRun(ctx, await getRunRow(ctx, id));
    },
  }),
  defineOperation({
    name: "runs.repeat",
    http: { method: "POST", path: "/v1/runs/{id}/repeat", status: 202 },
    runsOnce: true,
    access: ACCESS.run,
    summary: "Run the same input again",
    description:
      "For a run that has ended: the same input and settings after the same messages, for the same user. " +
      "It runs in the background and in a session of its own, with the agent as it is now.",
    input: RunRef,
    output: Run,
    errors: ["FAILED_PRECONDITION"],
    example: { output: EXAMPLE },
    run: repeatRun,
  }),
  defineOperation({
    name: "runs.messages",
    http: { method: "GET", path: "/v1/runs/{id}/messages" },
    access: ACCESS.read,
    summary: "List what a run was given and what it wrote",
    description:
      "The conversation as the run found it, its input last, and then what it wrote itself: those messages have its run_id. " +
      "The model also gets the agent's instructions, and a summary in place of the oldest messages of a long conversation.",
    input: ListRunMessagesInput,
    output: MessageList,
    run: listRunMessages,
  }),
  defineOperation({
    name: "runs.events",
    http: { method: "GET", path: "/v1/runs/{id}/events" },
    access: ACCESS.read,
    summary: "Follow a run's events, from its beginning or after a cursor",
    description:
      "A stream of server-sent events until the run ends; with `Accept: application/json` what there is now. " +
      "`Last-Event-ID` or `after` resumes without gap or duplicate. Offsets count UTF-16 code units.",
    input: RunEventsInput,
    output: RunEvents,
    answers: { stream: { schema: RunEventWire, description: "One event per frame, its cursor as the frame's id" } },
    run: readRunEvents,
  }),
];
