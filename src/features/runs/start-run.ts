import { hasRole } from "#core/access.ts";
import type { Context } from "#core/context.ts";
import { Reply } from "#core/reply.ts";
import { resolveRunAgent } from "#features/agents/index.ts";
import { type ConversationMessage, toConversation } from "#features/openai-messages/index.ts";
import { getRunRow, toRun } from "#features/runs/repository.ts";
import { readOnBusy, requireSessionKey, runUser } from "#features/runs/run-user.ts";
import type { StartRunInput } from "#features/runs/schema.ts";
import { runEngine } from "#runtime/engine/index.ts";
import type { Run, RunKind, RunRequest } from "#runtime/runs/index.ts";

/** Starts a run in the background. It goes on whether or not anybody listens. */
export async function startRun(ctx: Context, input: StartRunInput): Promise<Reply<Run>> {
  const messages = typeof input.input === "string" ? [userMessage(input.input)] : input.input;
  const request = await toRunRequest(ctx, { ...input, messages }, { kind: "api", isAttached: false });
  const { runId } = await ctx.use(runEngine).accept(ctx, request);
  const run = toRun(ctx, await getAcceptedRow(ctx, runId));
  return new Reply(run, { Location: `/v1/runs/${runId}` });
}

export const userMessage = (content: string): ConversationMessage => ({ role: "user", content });

/** What starting, waking and later doors have in common. */
export interface RunInput {
  readonly id: string;
  readonly messages: readonly ConversationMessage[];
  readonly session_key?: string | undefined;
  readonly user_id?: string | undefined;
  readonly on_busy?: RunRequest["onBusy"] | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

export interface RunManner {
  readonly kind: RunKind;
  readonly isAttached: boolean;
}

/** Checks agent, user and session of a request and puts its messages into the engine's terms. */
export async function toRunRequest(
  ctx: Context,
  input: RunInput,
  { kind, isAttached }: RunManner,
): Promise<RunRequest> {
  const agent = await resolveRunAgent(ctx, input.id);
  const user = runUser(ctx, input.user_id, "user_id");
  const { instructions, turns } = await toConversation(ctx, input.messages);
  const makeKey = (suffix: string) => `agent:${agent.key}:${kind}-${suffix}`;
  return {
    agent: { id: agent.id, key: agent.key },
    session: {
      key: input.session_key === undefined ? makeKey : requireSessionKey(input.session_key),
      agentId: agent.id,
      userId: user.id,
      channel: kind,
      mayUseAny: hasRole(ctx, "admin"),
    },
    kind,
    isAttached,
    onBusy: input.on_busy ?? readOnBusy(agent) ?? "queue",
    messages: turns,
    options: { instructions, settings: {}, clientTools: [], wantsTitle: input.session_key !== undefined },
    metadata: input.metadata ?? {},
  };
}

// The run's own user may be another than the caller, who has started it and may therefore see what comes back.
async function getAcceptedRow(ctx: Context, runId: string) {
  const row = await ctx.db.read.selectFrom("runs").selectAll().where("id", "=", runId).executeTakeFirst();
  return row ?? getRunRow(ctx, runId);
}
