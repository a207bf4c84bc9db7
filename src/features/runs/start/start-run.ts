import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { Reply } from "#core/reply.ts";
import { type AgentDraft, accessorOf, getOwnedAgent, resolveRunAgent } from "#features/agents/index.ts";
import { type ConversationMessage, loadUpload, toConversation } from "#features/openai-messages/index.ts";
import { getRunRow, toRun } from "#features/runs/repository.ts";
import type { StartRunInput } from "#features/runs/schema.ts";
import { readOnBusy, requireSessionKey, runUser } from "#features/runs/start/run-user.ts";
import { runEngine } from "#runtime/engine/index.ts";
import type { OnBusy, Run, RunKind, RunRequest } from "#runtime/runs/index.ts";
import type { MessagePart, NewMessage } from "#runtime/transcript/index.ts";

/** Starts a run in the background. The run continues without followers. */
export async function startRun(ctx: Context, input: StartRunInput): Promise<Reply<Run>> {
  const messages = typeof input.input === "string" ? [userMessage(input.input)] : input.input;
  const request = await toRunRequest(ctx, { ...input, messages }, { kind: "api", isAttached: false });
  const { runId } = await ctx.use(runEngine).accept(ctx, request);
  const run = await toRun(ctx, await getAcceptedRow(ctx, runId));
  return new Reply(run, { Location: `/v1/runs/${runId}` });
}

export const userMessage = (content: string): ConversationMessage => ({ role: "user", content });

/** The input that all operations which start a run share. */
export interface RunInput {
  readonly id: string;
  readonly messages: readonly ConversationMessage[];
  readonly session_key?: string | undefined;
  readonly user_id?: string | undefined;
  readonly on_busy?: RunRequest["onBusy"] | undefined;
  /** The ids of uploads. */
  readonly attachments?: readonly string[] | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly draft?: AgentDraft | undefined;
}

export interface RunMode {
  readonly kind: RunKind;
  readonly isAttached: boolean;
  /** What happens to a message for a busy session, where neither call nor agent says it. The default is `queue`. */
  readonly onBusy?: OnBusy;
  /** Makes the key of a new session, where the caller names none. */
  readonly makeKey?: (agentKey: string, suffix: string) => string;
}

/** Converts a request to the engine's form. Checks agent, user and session, and throws if one is refused or invalid. */
export async function toRunRequest(ctx: Context, input: RunInput, mode: RunMode): Promise<RunRequest> {
  const { kind, isAttached } = mode;
  const agent = await resolveRunAgent(ctx, input.id);
  if (input.draft) await getOwnedAgent(ctx, agent.id, "try a draft of an agent");
  const user = runUser(ctx, input.user_id, "user_id");
  const { instructions, turns } = await toConversation(ctx, input.messages);
  const attached = await Promise.all(
    (input.attachments ?? []).map((id, index) => loadUpload(ctx, id, `attachments[${index}]`)),
  );
  const makeKey = (suffix: string) => mode.makeKey?.(agent.key, suffix) ?? `agent:${agent.key}:${kind}-${suffix}`;
  return {
    agent: { id: agent.id, key: agent.key },
    session: {
      key: input.session_key === undefined ? makeKey : requireSessionKey(input.session_key),
      agentId: agent.id,
      agentKey: agent.key,
      userId: user.id,
      channel: kind,
      mayUseAny: hasRole(ctx, "admin"),
    },
    kind,
    isAttached,
    onBusy: input.on_busy ?? readOnBusy(agent) ?? mode.onBusy ?? "queue",
    messages: attach(turns, attached),
    options: {
      instructions,
      settings: {},
      clientTools: [],
      wantsTitle: input.session_key !== undefined,
      accessor: accessorOf(ctx),
      draft: input.draft,
    },
    metadata: input.metadata ?? {},
  };
}

/** Adds files to the user's last message. */
function attach(turns: readonly NewMessage[], files: readonly MessagePart[]): readonly NewMessage[] {
  const last = turns.findLastIndex(({ role }) => role === "user");
  return turns.map((turn, index) => (index === last ? { ...turn, parts: [...turn.parts, ...files] } : turn));
}

// The run may belong to another user, so the usual filter could hide it. The caller started it and may see it.
async function getAcceptedRow(ctx: Context, runId: string) {
  const row = await ctx.db.read.selectFrom("runs").selectAll().where("id", "=", runId).executeTakeFirst();
  return row ?? getRunRow(ctx, runId);
}
