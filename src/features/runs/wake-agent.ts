import { failedPrecondition } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { attachRun } from "#features/runs/attach-run.ts";
import type { WakeInput, WakeOutput } from "#features/runs/schema.ts";
import { toRunRequest, userMessage } from "#features/runs/start-run.ts";
import { isSilentReply } from "#runtime/prompt/index.ts";
import type { FollowedEvent } from "#runtime/runs/index.ts";
import { toAppError } from "#runtime/runs/index.ts";
import { textOf } from "#runtime/transcript/index.ts";

/** Runs an agent on one message and returns its answer. Serves orchestrators that speak no chat protocol. */
export async function wakeAgent(ctx: Context, input: WakeInput): Promise<WakeOutput> {
  const mode = { kind: "wake" as const, isAttached: true };
  const request = await toRunRequest(ctx, { ...input, messages: [userMessage(input.message)] }, mode);
  const { accepted, events } = await attachRun(ctx, request, { wantsText: false });
  return { run_id: accepted.runId, session_key: accepted.sessionKey, ...(await waitForAnswer(events)) };
}

async function waitForAnswer(events: AsyncIterable<FollowedEvent>): Promise<Pick<WakeOutput, "content" | "usage">> {
  let content = "";
  for await (const { event } of events) {
    switch (event.type) {
      case "message.completed":
        content = textOf(event.message.parts) || content;
        break;
      case "run.failed":
        throw toAppError(event.error);
      case "run.completed": {
        const { input_tokens: prompt_tokens, output_tokens: completion_tokens } = event.usage;
        const usage = { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
        return { content: isSilentReply(content) ? "" : content, usage };
      }
    }
  }
  throw failedPrecondition("error.run_cancelled", {}, "cancelled");
}
