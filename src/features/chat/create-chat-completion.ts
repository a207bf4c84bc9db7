import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import { statusOf, toAppError, toErrorShape, toOpenAiErrorShape } from "#core/error-shape.ts";
import { Reply, StreamReply } from "#core/reply.ts";
import { resolveRunAgent, type StoredAgent } from "#features/agents/index.ts";
import { type ChatHeader, collectChat, encodeChatStream, toChatSteps } from "#features/chat/encode-chat.ts";
import { peekStart } from "#features/chat/peek-start.ts";
import type { ChatCompletion, ChatInput } from "#features/chat/schema.ts";
import { toRunOptions } from "#features/chat/to-run-options.ts";
import { type Conversation, resumeConversation, toConversation } from "#features/openai-messages/index.ts";
import { attachRun, modelHeader, readOnBusy, requireSessionKey, runUser } from "#features/runs/index.ts";
import type { AnsweredBy, RunRequest } from "#runtime/runs/index.ts";

/** Runs an agent on a conversation in OpenAI's format. Returns the answer in that format, streamed or whole. */
export async function createChatCompletion(
  ctx: Context,
  input: ChatInput,
): Promise<Reply<ChatCompletion> | StreamReply> {
  const agent = await resolveRunAgent(ctx, agentOf(input.model));
  const conversation = await toConversation(ctx, input.messages);
  const isStream = input.stream === true;
  const request = await toRequest(ctx, agent, conversation, input);
  const { accepted, events } = await attachRun(ctx, request, { wantsText: isStream });

  const header: ChatHeader = {
    id: `chatcmpl-${accepted.runId.replaceAll("-", "")}`,
    created: Math.floor(ctx.clock.now().getTime() / 1_000),
    model: input.model || `goclaw:${agent.key}`,
  };
  const headers = { "X-GoClaw-Session-Key": accepted.sessionKey, "X-GoClaw-Run-Id": accepted.runId };
  const withModel = (by: AnsweredBy | undefined) => ({ ...headers, ...(by && modelHeader(by)) });
  const all = toChatSteps({ role: ctx.role, showsReasoning: showsReasoning(ctx, agent) }, events);
  if (!isStream) {
    const { completion, answeredBy } = await collectChat(all, header);
    return new Reply(completion, withModel(answeredBy));
  }
  const { steps, answeredBy } = await peekStart(all);
  const includeUsage = input.stream_options?.include_usage === true;
  const describeError = (thrown: unknown) => {
    const error = toAppError(thrown, ctx.requestId);
    return toOpenAiErrorShape(toErrorShape(error, ctx.locale, ctx.requestId), statusOf(error));
  };
  return new StreamReply(encodeChatStream(steps, header, { includeUsage, describeError }), withModel(answeredBy));
}

/** Returns whether the answer has the model's reasoning: the request asks for it, or the agent is set so. */
const showsReasoning = ({ options }: Context, { settings }: StoredAgent): boolean =>
  (options.events ?? []).includes("reasoning") || settings.other_config?.show_reasoning === true;

/** Returns the agent in `goclaw:<agent>` or `agent:<agent>`. Any other model selects no agent and is only echoed. */
const agentOf = (model: string | null | undefined): string | undefined =>
  /^(?:goclaw|agent):(.+)$/.exec(model ?? "")?.[1];

async function toRequest(
  ctx: Context,
  agent: StoredAgent,
  conversation: Conversation,
  input: ChatInput,
): Promise<RunRequest> {
  const user = runUser(ctx, input.user ?? undefined);
  const session = {
    agentId: agent.id,
    userId: user.id,
    channel: "http",
    mayUseAny: hasRole(ctx, "admin"),
  };
  const common = {
    agent: { id: agent.id, key: agent.key },
    kind: "chat" as const,
    isAttached: true,
    onBusy: input.on_busy ?? readOnBusy(agent) ?? "queue",
    options: { ...toRunOptions(input, conversation.instructions), wantsTitle: ctx.options.sessionKey !== undefined },
    metadata: input.metadata ?? {},
  };
  const { sessionKey } = ctx.options;
  if (sessionKey !== undefined) {
    const key = requireSessionKey(sessionKey);
    const isKnown = await sessionExists(ctx, key);
    const messages = isKnown ? turnsAfterLastAnswer(conversation) : conversation.turns;
    return { ...common, session: { ...session, key }, messages };
  }

  const makeKey = (suffix: string) => `agent:${agent.key}:http-${user.isKnown ? `${user.id}-` : ""}${suffix}`;
  const { branchFrom, turns } = await resumeConversation(ctx, conversation.turns, session);
  return { ...common, session: { ...session, key: makeKey, branchFrom }, messages: turns };
}

function turnsAfterLastAnswer({ turns }: Conversation) {
  return turns.slice(turns.findLastIndex(({ role }) => role === "assistant") + 1);
}

const sessionExists = async ({ db }: Context, key: string): Promise<boolean> =>
  (await db.read.selectFrom("sessions").select("id").where("key", "=", key).executeTakeFirst()) !== undefined;
