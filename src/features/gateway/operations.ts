import { z } from "zod";
import { AppError } from "#base/errors.ts";
import { examineRunning, FINDING_AREAS, FINDING_LEVELS } from "#core/findings.ts";
import { defineOperation } from "#core/operation.ts";
import { lifecycle, metrics, readiness } from "#core/platform.ts";
import { BytesReply } from "#core/reply.ts";
import { PROTOCOL } from "#features/gateway/protocol.ts";

const Finding = z
  .object({
    area: z.enum(FINDING_AREAS),
    level: z.enum(FINDING_LEVELS),
    text: z.string().describe("The observed state, in one line of English"),
    advice: z.string().optional().describe("What to do about it"),
  })
  .meta({ id: "Finding" });

export const gatewayOperations = [
  defineOperation({
    name: "gateway.info",
    http: { method: "GET", path: "/" },
    access: "public",
    summary: "Say what this is",
    description: "The name of the service, the version of its WebSocket protocol and where to go on from here.",
    input: z.object({}),
    output: z.object({
      service: z.literal("goclaw"),
      status: z.literal("ok"),
      protocol: z.int(),
      endpoints: z.array(z.string()),
    }),
    run: async () => ({
      service: "goclaw" as const,
      status: "ok" as const,
      protocol: PROTOCOL,
      endpoints: ["/v1", "/ws", "/docs", "/docs/openapi.json", "/health", "/ready", "/metrics"],
    }),
  }),
  defineOperation({
    name: "gateway.health",
    http: { method: "GET", path: "/health" },
    access: "public",
    summary: "Tell whether the process lives",
    description: "Answers as long as the process runs, also while it drains. Ask /ready before sending work.",
    input: z.object({}),
    output: z.object({ status: z.enum(["ok", "draining"]), protocol: z.int() }).meta({ id: "Health" }),
    run: async (ctx) => ({
      status: ctx.use(lifecycle).state === "draining" ? ("draining" as const) : ("ok" as const),
      protocol: PROTOCOL,
    }),
  }),
  defineOperation({
    name: "gateway.ready",
    http: { method: "GET", path: "/ready" },
    access: "public",
    summary: "Tell whether new work is taken",
    description: "503 while the gateway starts, drains or has no database.",
    input: z.object({}),
    output: z.object({ status: z.literal("ready") }).meta({ id: "Ready" }),
    errors: ["UNAVAILABLE"],
    run: async (ctx) => {
      const { state } = ctx.use(lifecycle);
      if (state !== "ready") throw new AppError("UNAVAILABLE", "error.unavailable", {}, { reason: state });
      await ctx.use(readiness)();
      return { status: "ready" as const };
    },
  }),
  defineOperation({
    name: "gateway.metrics",
    http: { method: "GET", path: "/metrics" },
    access: { role: "admin", scope: "admin", tenant: "master", rate: "none" },
    summary: "Read metrics in Prometheus' text format",
    description: "For administrators of the master tenant. Text to be scraped, one metric per line.",
    input: z.object({}),
    output: z.string(),
    answers: { bytes: { mediaType: "text/plain" } },
    run: async (ctx) => {
      const { registry } = ctx.use(metrics);
      return new BytesReply(await registry.metrics(), registry.contentType);
    },
  }),
  defineOperation({
    name: "gateway.findings",
    http: { method: "GET", path: "/v1/gateway/findings" },
    access: { role: "admin", scope: "admin", tenant: "master", rate: "run" },
    summary: "Check what the gateway needs",
    description:
      "For administrators of the master tenant: its disk, sandbox, database and jobs. `goclaw doctor` checks more, such as the network.",
    input: z.object({}),
    output: z.object({ findings: z.array(Finding) }),
    example: { input: {}, output: { findings: [{ area: "sandbox", level: "ok", text: "commands run in a sandbox" }] } },
    run: async (ctx) => ({ findings: [...(await ctx.use(examineRunning)())] }),
  }),
];
