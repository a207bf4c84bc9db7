import { z } from "zod";
import { invalidField } from "#base/errors.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { ACCESS, hasRole, ROLES } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { ConnectInput } from "#core/live/connect-input.ts";
import { connectionList } from "#core/live/connection-list.ts";
import type { LiveConnection } from "#core/live/live-connection.ts";
import { LOG_LEVELS } from "#core/live/log-feed.ts";
import { requireLive } from "#core/live/require-live.ts";
import { defineOperation } from "#core/operation.ts";
import { gatewayVersion, readiness } from "#core/platform.ts";
import { findRunningAgents, listAccessibleAgents } from "#features/agents/index.ts";
import { toolRegistry } from "#features/builtin-tools/index.ts";
import { PROTOCOL } from "#features/gateway/protocol.ts";
import { getTenant } from "#features/tenants/index.ts";

const Client = z.object({
  id: z.string(),
  remoteAddr: z.string(),
  userId: z.string(),
  role: z.enum(ROLES),
  connectedAt: z.string(),
});

/** What only clients on a WebSocket ask of the gateway itself. */
export const socketOperations = [
  defineOperation({
    name: "gateway.connect",
    access: { ...ACCESS.read, rate: "none" },
    summary: "Begin a session on a WebSocket",
    description: "The transport has authenticated the caller before. Answers who the caller is.",
    input: ConnectInput,
    output: z.object({
      protocol: z.int(),
      role: z.enum(ROLES),
      user_id: z.string(),
      tenant_id: z.string(),
      is_owner: z.boolean(),
      is_master_scope: z.boolean(),
      edition: z.literal("standard"),
      server: z.object({ name: z.literal("goclaw"), version: z.string() }),
      tenant_name: z.string(),
      tenant_slug: z.string(),
    }),
    run: async (ctx) => {
      const { name, slug } = await getTenant(ctx, ctx.tenantId);
      const isOwner = hasRole(ctx, "owner");
      return {
        protocol: PROTOCOL,
        role: ctx.role,
        user_id: ctx.userId,
        tenant_id: ctx.tenantId,
        is_owner: isOwner,
        is_master_scope: isOwner || ctx.tenantId === MASTER_TENANT_ID,
        edition: "standard" as const,
        server: { name: "goclaw" as const, version: ctx.use(gatewayVersion) },
        tenant_name: name,
        tenant_slug: slug,
      };
    },
  }),
  defineOperation({
    name: "gateway.overview",
    access: "public",
    summary: "Tell how the gateway fares",
    description: "Strangers hear that it lives. Callers hear more, and administrators who is connected.",
    input: z.object({}),
    output: z.object({
      status: z.literal("ok"),
      version: z.string().optional(),
      uptime: z.int().optional().describe("In milliseconds"),
      mode: z.literal("managed").optional(),
      database: z.enum(["ok", "error"]).optional(),
      tools: z.int().optional().describe("How many tools are built in"),
      clients: z.array(Client).optional(),
      currentId: z.string().optional(),
    }),
    run: async (ctx) => (isStranger(ctx) ? { status: "ok" as const } : describeGateway(ctx)),
  }),
  defineOperation({
    name: "gateway.status",
    access: ACCESS.read,
    summary: "Count what the tenant has, and show which agents work",
    description: "Agents that the caller may use. Administrators count every session, others their own.",
    input: z.object({}),
    output: z.object({
      agents: z.array(z.object({ id: z.string(), model: z.string(), isRunning: z.boolean() })),
      agentTotal: z.int(),
      clients: z.int(),
      sessions: z.int(),
    }),
    run: describeTenant,
  }),
  defineOperation({
    name: "gateway.log",
    access: { role: "admin", scope: "admin", tenant: "master", rate: "standard" },
    summary: "Follow the log of this process",
    description: "For administrators of the master tenant. The latest lines come first.",
    input: z.object({ action: z.string(), level: z.enum(LOG_LEVELS).default("info") }),
    output: z.object({ status: z.enum(["tailing", "stopped"]), level: z.enum(LOG_LEVELS).optional() }),
    run: async (ctx, { action, level }) => {
      const live = requireLive(ctx);
      if (action === "stop") return stopLog(live);
      if (action !== "start") throw invalidField("action", "start | stop");
      live.showLog(level);
      return { status: "tailing" as const, level };
    },
  }),
];

async function describeTenant(ctx: Context) {
  const sessions = ctx.db.read
    .selectFrom("sessions")
    .$if(!hasRole(ctx, "admin"), (query) => query.where("user_id", "=", ctx.userId))
    .select(({ fn }) => fn.countAll<number>().as("count"));
  const [agents, running, { count }] = await Promise.all([
    listAccessibleAgents(ctx),
    findRunningAgents(ctx.db.read),
    sessions.executeTakeFirstOrThrow(),
  ]);
  return {
    agents: agents.map(({ id, key, model }) => ({ id: key, model, isRunning: running.has(id) })),
    agentTotal: agents.length,
    clients: ctx.use(connectionList).list(ctx.tenantId).length,
    sessions: Number(count),
  };
}

/** The caller of a public operation that did not authenticate. */
const isStranger = ({ role, actor }: Context): boolean => role === "viewer" && actor.kind === "anonymous";

async function describeGateway(ctx: Context) {
  const isWell = await ctx
    .use(readiness)()
    .then(() => true)
    .catch(() => false);
  const clients = ctx
    .use(connectionList)
    .list(ctx.tenantId)
    .filter(({ id }) => hasRole(ctx, "admin") || id === ctx.options.live?.id)
    .map(({ clientIp: remoteAddr, ...client }) => ({ ...client, remoteAddr }));
  return {
    status: "ok" as const,
    version: ctx.use(gatewayVersion),
    uptime: Math.round(performance.now()),
    mode: "managed" as const,
    database: isWell ? ("ok" as const) : ("error" as const),
    tools: ctx.use(toolRegistry).size,
    clients,
    ...(ctx.options.live && { currentId: ctx.options.live.id }),
  };
}

function stopLog(live: LiveConnection) {
  live.hideLog();
  return { status: "stopped" as const };
}
