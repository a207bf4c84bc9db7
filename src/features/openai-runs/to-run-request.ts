import { AppError } from "#base/errors.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { accessorOf, type StoredAgent } from "#features/agents/index.ts";
import { resumeConversation } from "#features/openai-messages/index.ts";
import { requireSessionKey, runUser } from "#features/runs/index.ts";
import type { OnBusy, RunOptions, RunRequest } from "#runtime/runs/index.ts";
import { findSessionHead, type NewMessage, type SessionRequest } from "#runtime/transcript/index.ts";

/** What the turns of a request continue: nothing, the session of a key, or a message of an earlier answer. */
export type ContinuedFrom =
  | { readonly kind: "nothing" }
  | { readonly kind: "session"; readonly key: string }
  | { readonly kind: "message"; readonly id: string };

/** A request of an OpenAI client, with its conversation in the stored form. */
export interface OpenAiRequest {
  readonly agent: StoredAgent;
  /** The user that the request names. */
  readonly user: string | undefined;
  readonly turns: readonly NewMessage[];
  readonly from: ContinuedFrom;
  /** The field of the request that holds the conversation. */
  readonly field: string;
  /** The word in the keys of new sessions that says which route made them. */
  readonly route: "http" | "responses";
  readonly isAttached: boolean;
  readonly forgetsText: boolean;
  readonly onBusy: OnBusy;
  readonly options: Omit<RunOptions, "wantsTitle" | "accessor" | "forgetsText">;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly onStored?: RunRequest["onStored"];
}

/** Converts a request of an OpenAI client to the request for a run. Throws if the session may not be used. */
export async function toRunRequest(ctx: Context, request: OpenAiRequest): Promise<RunRequest> {
  const { agent, from, route, isAttached, forgetsText, onBusy, options, metadata, onStored } = request;
  const user = runUser(ctx, request.user);
  const fresh: SessionRequest = {
    key: (suffix: string) => `agent:${agent.key}:${route}-${user.isKnown ? `${user.id}-` : ""}${suffix}`,
    agentId: agent.id,
    agentKey: agent.key,
    userId: user.id,
    channel: "http",
    mayUseAny: hasRole(ctx, "admin"),
  };
  return {
    agent: { id: agent.id, key: agent.key },
    kind: "chat",
    isAttached,
    onBusy,
    options: {
      ...options,
      wantsTitle: from.kind === "session" && !forgetsText,
      accessor: accessorOf(ctx),
      ...(forgetsText && { forgetsText }),
    },
    metadata,
    ...(await toSessionTurns(ctx, fresh, request)),
    onStored,
  };
}

type SessionTurns = Pick<RunRequest, "session" | "messages">;

async function toSessionTurns(ctx: Context, fresh: SessionRequest, request: OpenAiRequest): Promise<SessionTurns> {
  const { from, turns, forgetsText, field } = request;
  switch (from.kind) {
    case "nothing": {
      // The request itself is the conversation.
      const { branchFrom, turns: messages } = await resumeConversation(ctx, turns, fresh);
      return { session: { ...fresh, branchFrom }, messages };
    }
    case "message":
      return { session: { ...fresh, branchFrom: from.id }, messages: newTurns(turns, field) };
    case "session": {
      const named = { ...fresh, key: requireSessionKey(from.key) };
      const head = await findSessionHead(ctx.db.read, named, named.key);
      const messages = head === undefined ? turns : newTurns(turns, field);
      // A run that leaves no text reads the session, and writes to a branch that is deleted afterwards.
      return { session: forgetsText ? { ...fresh, branchFrom: head } : named, messages };
    }
  }
}

/** Returns the turns after the request's last answer, because the earlier ones are stored. */
function newTurns(turns: readonly NewMessage[], field: string): readonly NewMessage[] {
  const messages = turns.slice(turns.findLastIndex(({ role }) => role === "assistant") + 1);
  if (messages.length === 0) throw new AppError("INVALID_REQUEST", "error.no_user_message", {}, { field });
  return messages;
}
