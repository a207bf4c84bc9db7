import type { ModelCaller, ModelCallServices } from "#runtime/call-model.ts";
import { summarise } from "#runtime/context/summarise.ts";
import type { Journal } from "#runtime/journal.ts";
import type { RunContext } from "#runtime/run-context.ts";
import { textBytesOf } from "#runtime/session-store.ts";
import type { UsageRecord } from "#runtime/usage-store.ts";

export interface Compaction {
  readonly services: ModelCallServices;
  readonly caller: ModelCaller;
  readonly context: RunContext;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  /** Hears what the calls used, before anything is stored. */
  readonly onUsage: (usage: UsageRecord) => void;
}

/**
 * Lets a summary by the agent's own model stand in for older messages, for this run and for all later ones: `nothing` where
 * none can be spared, `failed` where no summary could be had.
 */
export async function compactContext(compaction: Compaction): Promise<"done" | "nothing" | "failed"> {
  const { services, caller, context, journal, signal, onUsage } = compaction;
  const covered = context.dispensable;
  const last = covered?.at(-1);
  if (!covered || !last) return "nothing";
  const { text, usage, error } = await summarise(services, caller, covered, signal);
  for (const record of usage) onUsage(record);
  if (text === undefined) {
    for (const record of usage) await journal.storeUsage(record);
    services.logger.warn({ kind: error?.kind }, "no summary: older messages are left out of the call");
    return "failed";
  }
  context.shorten(text, last.id);
  await journal.storeSummary(text, last.id, textBytesOf(context.transcript), usage);
  return "done";
}
