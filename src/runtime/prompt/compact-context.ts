import type { ModelCaller } from "#runtime/model-calls/index.ts";
import type { ConversationWindow } from "#runtime/prompt/conversation-window.ts";
import { type SummaryServices, summarise } from "#runtime/prompt/summarise.ts";
import type { Journal, UsageRecord } from "#runtime/runs/index.ts";
import { textBytesOf } from "#runtime/transcript/index.ts";

export interface Compaction {
  readonly services: SummaryServices;
  readonly caller: ModelCaller;
  readonly window: ConversationWindow;
  readonly journal: Journal;
  readonly signal: AbortSignal;
  /** Receives the usage of each model call before anything is stored. */
  readonly onUsage: (usage: UsageRecord) => void;
}

/**
 * Replaces older messages with a summary, for this run and all later ones. The agent's own model writes it. Resolves to
 * `nothing` if no message can be covered, and to `failed` if the model returned no summary.
 */
export async function compactContext(compaction: Compaction): Promise<"done" | "nothing" | "failed"> {
  const { services, caller, window, journal, signal, onUsage } = compaction;
  const covered = window.dispensable;
  const last = covered?.at(-1);
  if (!covered || !last) return "nothing";
  const { text, usage, error } = await summarise(
    services,
    caller,
    { sessionId: journal.sessionId, messages: covered },
    signal,
  );
  for (const record of usage) onUsage(record);
  if (text === undefined) {
    for (const record of usage) await journal.storeUsage(record);
    services.logger.warn({ kind: error?.kind }, "no summary: older messages are left out of the call");
    return "failed";
  }
  window.shorten(text, last.id);
  const text_bytes = textBytesOf(window.transcript);
  await journal.storeSummary({ summary: text, summary_until_id: last.id, text_bytes }, usage);
  return "done";
}
