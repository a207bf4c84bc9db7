import { failedPrecondition } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { Reply } from "#core/reply.ts";
import { signLinks } from "#features/media/index.ts";
import { attachRun } from "#features/runs/attach-run.ts";
import type { WakeInput, WakeOutput } from "#features/runs/schema.ts";
import { modelHeader } from "#features/runs/start/model-header.ts";
import { toRunRequest, userMessage } from "#features/runs/start/start-run.ts";
import { isSilentReply } from "#runtime/prompt/index.ts";
import type { AnsweredBy, FollowedEvent } from "#runtime/runs/index.ts";
import { toAppError } from "#runtime/runs/index.ts";
import { textOf } from "#runtime/transcript/index.ts";

/** Runs an agent on one message and returns its answer. Serves orchestrators that speak no chat protocol. */
export async function wakeAgent(ctx: Context, input: WakeInput): Promise<Reply<WakeOutput>> {
  const mode = { kind: "wake" as const, isAttached: true };
  const request = await toRunRequest(ctx, { ...input, messages: [userMessage(input.message)] }, mode);
  const { accepted, events } = await attachRun(ctx, request, { wantsText: false });
  const { answeredBy, ...answer } = await waitForAnswer(ctx, events);
  const [content = answer.content] = await signLinks(ctx, [answer.content]);
  return new Reply(
    { run_id: accepted.runId, session_key: accepted.sessionKey, ...answer, content },
    answeredBy ? modelHeader(answeredBy) : {},
  );
}

interface Answer extends Pick<WakeOutput, "content" | "usage"> {
  readonly answeredBy: AnsweredBy | undefined;
}

async function waitForAnswer(ctx: Context, events: AsyncIterable<FollowedEvent>): Promise<Answer> {
  let content = "";
  let answeredBy: AnsweredBy | undefined;
  for await (const { event } of events) {
    switch (event.type) {
      case "message.completed":
        content = textOf(event.message.parts) || content;
        answeredBy = event.answeredBy ?? answeredBy;
        break;
      case "run.failed":
        throw toAppError(event.error, ctx);
      case "run.completed": {
        const { input_tokens: prompt_tokens, output_tokens: completion_tokens } = event.usage;
        const usage = { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
        return { content: isSilentReply(content) ? "" : content, usage, answeredBy };
      }
    }
  }
  throw failedPrecondition("error.run_cancelled", {}, "cancelled");
}
