import { AppError, failedPrecondition, invalidField, notFound } from "#base/errors.ts";
import { hasRole } from "#core/access/access.ts";
import type { Context } from "#core/context.ts";
import type { StoredAgent } from "#features/agents/index.ts";
import type { ContinuedFrom } from "#features/openai-runs/index.ts";
import { findLastMessage, getResponse } from "#features/responses/repository.ts";
import type { ResponseInput } from "#features/responses/schema/request.ts";
import type { RunUser } from "#features/runs/index.ts";

/** Returns the key of the session that a request names, in its body or in the header. Throws 400 if it names two. */
export function namedSession(ctx: Context, { conversation }: ResponseInput): string | undefined {
  const inBody = typeof conversation === "string" ? conversation : conversation?.id;
  const inHeader = ctx.options.sessionKey;
  if (inBody !== undefined && inHeader !== undefined && inBody !== inHeader)
    throw invalidField("conversation", "X-GoClaw-Session-Key names another one");
  return inBody ?? inHeader;
}

/**
 * Returns what a request continues. An earlier response must have ended, and be one of the same user and agent. Throws
 * NOT_FOUND, FAILED_PRECONDITION or INVALID_REQUEST.
 */
export async function findPlace(
  ctx: Context,
  input: ResponseInput,
  agent: StoredAgent,
  user: RunUser,
): Promise<ContinuedFrom> {
  const key = namedSession(ctx, input);
  const { previous_response_id: id } = input;
  if (id == null) return key === undefined ? { kind: "nothing" } : { kind: "session", key };
  if (key !== undefined)
    throw new AppError("INVALID_REQUEST", "error.response_two_places", {}, { field: "previous_response_id" });
  const { run } = await getResponse(ctx, id);
  if (run.user_id !== user.id && !hasRole(ctx, "admin")) throw notFound("response", id);
  if (run.agent_id !== agent.id)
    throw new AppError("INVALID_REQUEST", "error.response_other_agent", { id }, { field: "previous_response_id" });
  if (run.ended_at === null)
    throw failedPrecondition("error.response_in_progress", { id }, "response_in_progress", { retryable: true });
  const messageId = await findLastMessage(ctx.db.read, run);
  return messageId === undefined ? { kind: "nothing" } : { kind: "message", id: messageId };
}
