import { AppError, invalidField, required } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import { type Conversation, toConversation } from "#features/openai-messages/index.ts";
import type { ItemOwner } from "#features/responses/input/find-items.ts";
import { toTurns } from "#features/responses/input/to-turns.ts";
import type { RequestRecord } from "#features/responses/repository.ts";
import type { ResponseInput } from "#features/responses/schema/request.ts";

/** Returns the conversation of a request in its stored form. Throws 400 unless it has exactly one form. */
export async function readConversation(
  ctx: Context,
  { input, messages }: ResponseInput,
  owner: ItemOwner,
): Promise<Conversation> {
  if (input !== undefined && messages !== undefined) throw invalidField("messages", "input");
  if (messages !== undefined) return toConversation(ctx, messages);
  if (input === undefined) throw required("input");
  return { instructions: undefined, turns: await toTurns(ctx, input, owner) };
}

/** Returns an error about a conversation under the name that its field has in the request. */
export function inFieldOf({ hasMessages }: RequestRecord, thrown: unknown): unknown {
  if (hasMessages || !(thrown instanceof AppError) || thrown.options.field !== "messages") return thrown;
  const { code, key, params, options } = thrown;
  return new AppError(code, key, params, { ...options, field: "input" });
}
