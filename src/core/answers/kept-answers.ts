import { LIMITS } from "#base/limits.ts";
import { Remembered } from "#base/remembered.ts";
import type { Context } from "#core/context.ts";
import type { EventBus } from "#core/events/events.ts";
import type { AnyOperation } from "#core/operation.ts";
import { EncodedReply } from "#core/reply.ts";
import { defineService } from "#core/service.ts";

/** Keeps encoded answers of operations with `keptUntil` in memory, for callers who ask the same again. */
export interface KeptAnswers {
  /** Returns whether answers of the operation are kept. */
  keeps(operation: AnyOperation): boolean;
  /** Returns the answer to the call, and reads it if it is not in memory. Callers are checked before. */
  get(ctx: Context, input: unknown, read: () => Promise<unknown>): Promise<EncodedReply>;
}

export const keptAnswers = defineService<KeptAnswers>("kept-answers");

/** How many answers of an operation are kept, and their characters altogether. A longer answer is not kept. */
const MAX_ANSWERS = 1_000;
const MAX_CHARS = 4_000_000;

/**
 * Creates the memory of answers. An event makes all answers of its operations be read again. So does
 * `LIMITS.agentCacheTime`, because a change whose commit was in doubt publishes no event.
 */
export function createKeptAnswers(operations: readonly AnyOperation[], events: EventBus): KeptAnswers {
  const byOperation = new Map<AnyOperation, Remembered<EncodedReply>>();
  for (const operation of operations) {
    if (!operation.keptUntil) continue;
    const known = new Remembered<EncodedReply>({
      max: MAX_ANSWERS,
      ttl: LIMITS.agentCacheTime,
      size: { max: MAX_CHARS, of: ({ text }) => text.length },
    });
    const forget = () => known.forget();
    events.subscribe(operation.keptUntil, { receive: forget, onMissed: forget });
    byOperation.set(operation, known);
  }
  return {
    keeps: (operation) => byOperation.has(operation),
    async get(ctx, input, read) {
      const encode = async () => new EncodedReply(JSON.stringify(await read()));
      return byOperation.get(ctx.operation)?.get(toKey(ctx, input), encode) ?? encode();
    },
  };
}

/** Holds everything about a caller that an answer may depend on, so that no caller gets the answer of another one. */
const toKey = ({ tenantId, userId, isUserKnown, isTenantNamed, role, actor, locale }: Context, input: unknown) =>
  JSON.stringify([tenantId, userId, isUserKnown, isTenantNamed, role, actor, locale, input]);
