import { AppError } from "#base/errors.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { accessorOf, type StoredAgent } from "#features/agents/index.ts";
import type { ChatInput } from "#features/chat/schema.ts";
import { toRunOptions } from "#features/chat/to-run-options.ts";
import { type Conversation, resumeConversation } from "#features/openai-messages/index.ts";
import { readOnBusy, requireSessionKey, runUser } from "#features/runs/index.ts";
import type { RunRequest } from "#runtime/runs/index.ts";
import { findSessionHead, type NewMessage, type SessionRequest } from "#runtime/transcript/index.ts";

/** Converts a chat request to the request for a run. Throws if the session may not be used. */
export async function toRunRequest(
  ctx: Context,
  agent: StoredAgent,
  conversation: Conversation,
  input: ChatInput,
): Promise<RunRequest> {
  const user = runUser(ctx, input.user ?? undefined);
  const forgetsText = input.store === false;
  const makeKey = (suffix: string) => `agent:${agent.key}:http-${user.isKnown ? `${user.id}-` : ""}${suffix}`;
  const fresh: SessionRequest = {
    key: makeKey,
    agentId: agent.id,
    agentKey: agent.key,
    userId: user.id,
    channel: "http",
    mayUseAny: hasRole(ctx, "admin"),
  };
  const { sessionKey } = ctx.options;
  return {
    agent: { id: agent.id, key: agent.key },
    kind: "chat",
    isAttached: true,
    onBusy: input.on_busy ?? readOnBusy(agent) ?? "queue",
    options: {
      ...toRunOptions(input, conversation.instructions),
      wantsTitle: sessionKey !== undefined && !forgetsText,
      accessor: accessorOf(ctx),
      ...(forgetsText && { forgetsText }),
    },
    metadata: input.metadata ?? {},
    ...(sessionKey === undefined
      ? await toOwnConversation(ctx, fresh, conversation)
      : await toSessionTurns(ctx, fresh, conversation, { key: requireSessionKey(sessionKey), forgetsText })),
  };
}

type SessionTurns = Pick<RunRequest, "session" | "messages">;

/** Without a session key, the request itself is the conversation. */
async function toOwnConversation(
  ctx: Context,
  fresh: SessionRequest,
  conversation: Conversation,
): Promise<SessionTurns> {
  const { branchFrom, turns } = await resumeConversation(ctx, conversation.turns, fresh);
  return { session: { ...fresh, branchFrom }, messages: turns };
}

/** A session holds the history, so only the turns after the request's last answer count. */
async function toSessionTurns(
  { db }: Context,
  fresh: SessionRequest,
  { turns }: Conversation,
  { key, forgetsText }: { readonly key: string; readonly forgetsText: boolean },
): Promise<SessionTurns> {
  const named = { ...fresh, key };
  const head = await findSessionHead(db.read, named, key);
  const messages = head === undefined ? turns : turnsAfterLastAnswer(turns);
  if (messages.length === 0) throw new AppError("INVALID_REQUEST", "error.no_user_message", {}, { field: "messages" });
  // A run that leaves no text reads the session, and writes to a branch that is deleted afterwards.
  return { session: forgetsText ? { ...fresh, branchFrom: head } : named, messages };
}

const turnsAfterLastAnswer = (turns: readonly NewMessage[]): readonly NewMessage[] =>
  turns.slice(turns.findLastIndex(({ role }) => role === "assistant") + 1);
