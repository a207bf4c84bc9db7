import { AppError, notFound, permissionDenied } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { mutate } from "#core/mutate.ts";
import { resolveRunAgent } from "#features/agents/index.ts";
import { toolInvoked } from "#features/tool-calls/events.ts";
import type { InvokedTool, InvokeToolInput } from "#features/tool-calls/schema.ts";
import { toolCallServices } from "#features/tool-calls/tool-call-services.ts";
import { recordToolCall } from "#runtime/model-calls/index.ts";
import type { RunnableAgent } from "#runtime/runs/index.ts";
import {
  callTool,
  createToolEnvironment,
  isAllowedByName,
  type Tool,
  type ToolCaller,
  ToolPolicy,
  type ToolText,
} from "#runtime/tools/index.ts";

/**
 * Calls a tool that an agent has, as the agent would for the caller, or describes it. Throws `NOT_FOUND` for a tool that
 * the agent does not have, and 403 for one that only administrators may call. Throws 400 with the tool's own words if
 * the tool fails, and `AGENT_TIMEOUT` after `LIMITS.toolCallTime`.
 */
export async function invokeTool(ctx: Context, input: InvokeToolInput): Promise<InvokedTool> {
  const { tool: name, args: given = {} } = input;
  const agent = await getAgent(ctx, input.agent_id);
  const tool = await getTool(ctx, agent, name);
  if (input.dryRun) return { tool: name, description: tool.description, parameters: tool.parameters, dryRun: true };

  const argumentsText = JSON.stringify(input.action === undefined ? given : { ...given, action: input.action });
  requireCallable(ctx, agent, tool, argumentsText);
  const caller = await toCaller(ctx, agent, input);
  // The record comes first, so that a repeated call under its idempotency key never runs a tool twice.
  await mutate(ctx, toolInvoked, async () => {
    const details = { agent_key: agent.key, effect: tool.effectOf(argumentsText) };
    return { entityId: tool.name, value: undefined, details };
  });
  const outcome = await call(ctx, tool, argumentsText, caller);
  if (outcome === "abandoned") throw new AppError("AGENT_TIMEOUT", "error.tool_timeout", { name });
  if (outcome.refusal) throw outcome.refusal;
  if (!outcome.isError) return { result: { output: outcome.text, forUser: "", metadata: {} } };
  throw new AppError("INVALID_REQUEST", "error.tool_failed", { text: outcome.text }, { reason: "tool_error" });
}

async function getAgent(ctx: Context, reference: string | undefined): Promise<RunnableAgent> {
  const { id, key } = await resolveRunAgent(ctx, reference);
  const agent = await ctx.use(toolCallServices).agents.load(ctx.db, id);
  if (!agent) throw notFound("agent", key);
  return agent;
}

async function getTool(ctx: Context, agent: RunnableAgent, name: string): Promise<Tool> {
  const tools = await ctx.use(toolCallServices).runTools.load(ctx.db, { agent, userId: ctx.userId });
  const tool = tools.find(name) ?? tools.deferred.get(name);
  if (!tool) throw notFound("tool", name);
  return tool;
}

/** Tools that run commands or change files are for administrators, unless the agent's own policy names them. */
function requireCallable(ctx: Context, agent: RunnableAgent, tool: Tool, argumentsText: string): void {
  const isPowerful = tool.group === "runtime" || (tool.group === "fs" && tool.effectOf(argumentsText) !== "read");
  if (!isPowerful || hasRole(ctx, "admin")) return;
  if (isAllowedByName(tool, ToolPolicy.parse(agent.toolsConfig))) return;
  throw permissionDenied(`the tool ${tool.name} requires the admin role, or an agent that allows it by name`);
}

async function toCaller(ctx: Context, agent: RunnableAgent, input: InvokeToolInput): Promise<ToolCaller> {
  const key = input.session_key ?? ctx.options.sessionKey ?? "";
  const own = ctx.db.read.selectFrom("sessions").select("id").where("key", "=", key).where("user_id", "=", ctx.userId);
  const session = key === "" ? undefined : await own.executeTakeFirst();
  return {
    agent_id: agent.id,
    agent_key: agent.key,
    user_id: ctx.userId,
    session_id: session?.id ?? `user:${ctx.userId}`,
    session_key: key,
  };
}

async function call(
  ctx: Context,
  tool: Tool,
  argumentsText: string,
  caller: ToolCaller,
): Promise<ToolText | "abandoned"> {
  const services = ctx.use(toolCallServices);
  const { tenantId, db, clock } = ctx;
  const startedAt = clock.now();
  const outcome = await callTool(
    { name: tool.name, tool, similarNames: [], argumentsText, tenantId, sessionId: caller.session_id },
    {
      guard: services.toolGuard,
      logger: services.logger,
      signal: AbortSignal.any([ctx.signal, AbortSignal.timeout(LIMITS.toolCallTime)]),
      environmentOf: ({ name }) => createToolEnvironment(name, services, db, caller),
    },
  );
  recordToolCall(services, {
    tenantId,
    traceId: newId(),
    runId: "",
    agentId: caller.agent_id,
    name: tool.name,
    toolName: tool.name,
    callId: newId(),
    status: outcome === "abandoned" ? "abandoned" : outcome.isError ? "error" : "completed",
    texts: undefined,
    context: undefined,
    startedAt,
    endedAt: clock.now(),
  });
  return outcome;
}
