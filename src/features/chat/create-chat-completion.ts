import type { Context } from "#core/context.ts";
import { statusOf, toAppError, toErrorShape, toOpenAiErrorShape } from "#core/error-shape.ts";
import { Reply, StreamReply } from "#core/reply.ts";
import { resolveRunAgent, type StoredAgent } from "#features/agents/index.ts";
import {
  type ChatHeader,
  type ChatStep,
  collectChat,
  encodeChatStream,
  toChatSteps,
} from "#features/chat/encode-chat.ts";
import { peekStart } from "#features/chat/peek-start.ts";
import type { ChatCompletion, ChatInput } from "#features/chat/schema.ts";
import { signSteps } from "#features/chat/sign-steps.ts";
import { toFunctionCalls } from "#features/chat/to-function-calls.ts";
import { toRunRequest } from "#features/chat/to-run-request.ts";
import { toConversation } from "#features/openai-messages/index.ts";
import { attachRun, modelHeader } from "#features/runs/index.ts";
import { type AnsweredBy, type FollowedEvent, forgetRun, isTerminal } from "#runtime/runs/index.ts";

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
  const agent = await resolveRunAgent(ctx, agentOf(input.model));
  const conversation = await toConversation(ctx, input.messages);
  const isStream = input.stream === true;
  const request = await toRunRequest(ctx, agent, conversation, input);
  const { accepted, events } = await attachRun(ctx, request, { wantsText: isStream });

  const { forgetsText } = request.options;
  const kept = forgetsText ? forgetAtEnd(ctx, accepted.runId, events) : events;
  const unsigned = toChatSteps({ role: ctx.role, showsReasoning: showsReasoning(ctx, agent) }, kept);
  const shown = signSteps(ctx, unsigned);
  const sessionKey = forgetsText ? ctx.options.sessionKey : accepted.sessionKey;
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
  const { steps, answeredBy } = await peekStart(all);
  const describeError = (thrown: unknown) => {
    const error = toAppError(thrown, ctx.requestId);
    return toOpenAiErrorShape(toErrorShape(error, ctx.locale, ctx.requestId), statusOf(error));
  };
  const options = { includeUsage: includesUsage, describeError };
  return new StreamReply(encodeChatStream(steps, header, options), withModel(answeredBy));
}

/** Returns whether the answer has the model's reasoning: the request asks for it, or the agent is set so. */
const showsReasoning = ({ options }: Context, { settings }: StoredAgent): boolean =>
  (options.events ?? []).includes("reasoning") || settings.other_config?.show_reasoning === true;

/** Returns the agent in `goclaw:<agent>` or `agent:<agent>`. Any other model selects no agent and is only echoed. */
const agentOf = (model: string | null | undefined): string | undefined =>
  /^(?:goclaw|agent):(.+)$/.exec(model ?? "")?.[1];

/** Passes on the events of a run. Deletes its texts before the caller learns of its end. */
async function* forgetAtEnd(
  ctx: Context,
  runId: string,
  events: AsyncIterable<FollowedEvent>,
): AsyncGenerator<FollowedEvent> {
  for await (const followed of events) {
    if (isTerminal(followed.event)) {
      await forgetRun(ctx.db, runId);
      // A repeated call finds no answer any more, so it runs again.
      await ctx.idempotency?.forgetRun(ctx.db, runId);
    }
    yield followed;
  }
}
