import { invalidField } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import type { StoredAgent } from "#features/agents/index.ts";
import { showsReasoning } from "#features/openai-runs/index.ts";
import { namedSession } from "#features/responses/input/find-place.ts";
import { summaryOf, toEcho } from "#features/responses/input/to-echo.ts";
import type { RequestRecord } from "#features/responses/repository.ts";
import type { ResponseInput } from "#features/responses/schema/request.ts";

/** Returns what a response keeps of its request. Throws 400 for a background response that would not be stored. */
export function toRecord(ctx: Context, input: ResponseInput, agent: StoredAgent): RequestRecord {
  const echo = toEcho(input, input.model || `goclaw:${agent.key}`, namedSession(ctx, input));
  if (echo.background && !echo.store) throw invalidField("store", "background needs store");
  const summary = summaryOf(input) ?? "none";
  return {
    echo,
    hasMessages: input.messages !== undefined,
    showsSummary: summary !== "none" || showsReasoning(ctx, agent),
    sealsReasoning: input.include?.includes("reasoning.encrypted_content") === true,
  };
}
