import type { Context } from "#core/context.ts";
import { Reply, StreamReply } from "#core/reply.ts";
import { resolveRunAgent } from "#features/agents/index.ts";
import {
  type ChatHeader,
  type ChatStep,
  collectChat,
  encodeChatStream,
  toChatSteps,
} from "#features/chat/encode-chat.ts";
import type { ChatCompletion, ChatInput } from "#features/chat/schema.ts";
import { signSteps } from "#features/chat/sign-steps.ts";
import { toFunctionCalls } from "#features/chat/to-function-calls.ts";
import { toRunOptions } from "#features/chat/to-run-options.ts";
import { toConversation } from "#features/openai-messages/index.ts";
import {
  describeFailure,
  forgetAtEnd,
  namedAgent,
  peekStart,
  showsReasoning,
  toRunRequest,
} from "#features/openai-runs/index.ts";
import { attachRun, modelHeader, readOnBusy } from "#features/runs/index.ts";
import type { AnsweredBy } from "#runtime/runs/index.ts";

/** Runs an agent on a conversation in OpenAI's format. Returns the answer in that format, streamed or whole. */
export const createChatCompletion = async (
  ctx: Context,
  input: ChatInput,
): Promise<Reply<ChatCompletion> | StreamReply> => answerChat(ctx, await startChat(ctx, input));

/** A run that answers a chat, and how its answer looks. It does not hold the request, which may be large. */
interface StartedRun {
  readonly steps: AsyncGenerator<ChatStep>;
  readonly header: ChatHeader;
  readonly headers: Readonly<Record<string, string>>;
  readonly isStream: boolean;
  readonly includesUsage: boolean;
}

async function startChat(ctx: Context, input: ChatInput): Promise<StartedRun> {
  const agent = await resolveRunAgent(ctx, namedAgent(input.model));
  const { instructions, turns } = await toConversation(ctx, input.messages);
  const isStream = input.stream === true;
  const { sessionKey: named } = ctx.options;
  const forgetsText = input.store === false;
  const request = await toRunRequest(ctx, {
    agent,
    user: input.user ?? undefined,
    turns,
    from: named === undefined ? { kind: "nothing" } : { kind: "session", key: named },
    field: "messages",
    route: "http",
    isAttached: true,
    forgetsText,
    onBusy: input.on_busy ?? readOnBusy(agent) ?? "queue",
    options: toRunOptions(input, instructions),
    metadata: input.metadata ?? {},
  });
  const { accepted, events } = await attachRun(ctx, request, { wantsText: isStream });

  const kept = forgetsText ? forgetAtEnd(ctx, accepted.runId, events) : events;
  const unsigned = toChatSteps({ role: ctx.role, showsReasoning: showsReasoning(ctx, agent) }, kept);
  const shown = signSteps(ctx, unsigned);
  const sessionKey = forgetsText ? named : accepted.sessionKey;
  return {
    steps: input.functions?.length ? toFunctionCalls(shown) : shown,
    header: {
      id: `chatcmpl-${accepted.runId.replaceAll("-", "")}`,
      created: Math.floor(ctx.clock.now().getTime() / 1_000),
      model: input.model || `goclaw:${agent.key}`,
    },
    headers: {
      ...(sessionKey !== undefined && { "X-GoClaw-Session-Key": sessionKey }),
      "X-GoClaw-Run-Id": accepted.runId,
    },
    isStream,
    includesUsage: input.stream_options?.include_usage === true,
  };
}

async function answerChat(
  ctx: Context,
  { steps: all, header, headers, isStream, includesUsage }: StartedRun,
): Promise<Reply<ChatCompletion> | StreamReply> {
  const withModel = (by: AnsweredBy | undefined) => ({ ...headers, ...(by && modelHeader(by)) });
  if (!isStream) {
    const { completion, answeredBy } = await collectChat(all, header);
    return new Reply(completion, withModel(answeredBy));
  }
  const { steps, first } = await peekStart(all, (step) => (step.kind === "error" ? step.error : undefined));
  const options = { includeUsage: includesUsage, describeError: (thrown: unknown) => describeFailure(ctx, thrown) };
  const answeredBy = first?.kind === "error" ? undefined : first?.answeredBy;
  return new StreamReply(encodeChatStream(steps, header, options), withModel(answeredBy));
}
