import { AppError, required } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { maxMessageChars } from "#core/platform.ts";
import { parseCommand } from "#features/channels/index.ts";
import { abortActiveRun } from "#features/live-chat/abort-chat.ts";
import { findOwnSession } from "#features/live-chat/find-session.ts";
import type { SendChatInput, SendChatOutput } from "#features/live-chat/schema.ts";
import { withSignedLinks } from "#features/media/index.ts";
import { releaseKeyOnFailure, toAnswer, toRunRequest, userMessage } from "#features/runs/index.ts";
import { runEngine } from "#runtime/engine/index.ts";
import { START, toAppError } from "#runtime/runs/index.ts";
import type { Message } from "#runtime/transcript/index.ts";

/**
 * Gives an agent a message of a user and waits for its answer. The message is stored at once, and its run goes on if
 * the user disconnects. While the session is busy, the message steers the run under way unless `on_busy` says otherwise.
 */
export async function sendChat(ctx: Context, input: SendChatInput): Promise<SendChatOutput> {
  requireMessage(ctx, input);
  const { session_key: sessionKey, message } = input;
  if (sessionKey !== undefined && parseCommand(message) === "cancel") {
    const session = await findOwnSession(ctx, sessionKey);
    const stopped = session?.active_run_id && (await abortActiveRun(ctx, session.active_run_id));
    // Where nothing runs, the word is a message like any other.
    if (stopped) return { cancelled: true, aborted: stopped.aborted };
  }
  const request = await toRunRequest(
    ctx,
    {
      id: input.agent_id ?? agentOf(sessionKey) ?? ctx.options.agent ?? DEFAULT_AGENT,
      messages: [userMessage(message)],
      session_key: sessionKey,
      on_busy: input.on_busy,
      attachments: (input.media ?? []).map((media) => (typeof media === "string" ? media : media.path)),
      metadata: input.metadata,
    },
    {
      kind: "ws",
      isAttached: false,
      onBusy: "steer",
      makeKey: (agentKey, suffix) => `agent:${agentKey}:ws:direct:${suffix}`,
    },
  );
  const engine = ctx.use(runEngine);
  const { runId, sessionKey: key, isNew } = await engine.accept(ctx, request);
  ctx.options.onInputStored?.();
  if (!isNew && !ctx.idempotency?.runId) return { injected: true, runId, sessionKey: key };
  const shown = ctx.options.live?.showRun(runId, "");
  const answer = await waitForAnswer(ctx, runId);
  // The client gets the answer of its call after the events of the run.
  await shown;
  return { runId, sessionKey: key, ...answer };
}

const DEFAULT_AGENT = "default";

/** Returns the key of the agent in a session key such as `agent:support:ws:direct:1`. */
const agentOf = (sessionKey: string | undefined): string | undefined => /^agent:([^:]+):/.exec(sessionKey ?? "")?.[1];

function requireMessage(ctx: Context, { message, media = [] }: SendChatInput): void {
  if (message === "" && media.length === 0) throw required("message");
  const max = ctx.use(maxMessageChars)();
  if (message.length <= max) return;
  throw new AppError("INVALID_REQUEST", "error.message_too_long", { max }, { field: "message" });
}

/** Follows a run to its end. Throws the run's error if it fails. */
async function waitForAnswer(ctx: Context, runId: string): Promise<Partial<SendChatOutput>> {
  let last: Message | undefined;
  const events = ctx.use(runEngine).follow(ctx.db, runId, START, ctx.signal);
  for await (const { event } of releaseKeyOnFailure(ctx, runId, events)) {
    if (event.type === "message.completed") last = event.message;
    if (event.type === "run.failed") throw toAppError(event.error, ctx);
    if (event.type === "run.cancelled") return { cancelled: true };
    if (event.type !== "run.completed") continue;
    const [signed] = last ? await withSignedLinks(ctx, [last]) : [];
    return toAnswer(signed?.parts ?? [], event.usage);
  }
  return { cancelled: true };
}
