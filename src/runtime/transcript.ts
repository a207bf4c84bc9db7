import { selectMessagePath } from "#db/message-path.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { standInResult, toMessage } from "#runtime/append-messages.ts";
import {
  type Message,
  type NewMessage,
  type ToolCallPart,
  toolCallsOf,
  toolResultsOf,
} from "#runtime/message-parts.ts";

/** The transcript that ends at `headId`, oldest first. */
export async function readTranscript(queries: TenantQueries, headId: string | null): Promise<readonly Message[]> {
  if (headId === null) return [];
  return (await selectMessagePath(queries, headId)).map(toMessage);
}

/** The calls of the last turn that have no result yet. */
export function openCallsOf(messages: readonly NewMessage[]): readonly ToolCallPart[] {
  const lastTurn = messages.findLastIndex(({ role }) => role === "assistant");
  const answered = new Set(
    messages.slice(lastTurn + 1).flatMap(({ parts }) => toolResultsOf(parts).map(({ call_id }) => call_id)),
  );
  return toolCallsOf(messages[lastTurn]?.parts ?? []).filter(({ id }) => !answered.has(id));
}

const LOST_RESULT = "[no result was kept for this call]";

/**
 * The transcript as a model may read it: every call is followed by its one result. What an older version left broken is
 * mended with results that say so; nothing is deleted from the store.
 */
export function mendTranscript<Turn extends NewMessage>(messages: readonly Turn[]): readonly (Turn | NewMessage)[] {
  const mended: (Turn | NewMessage)[] = [];
  let open: readonly ToolCallPart[] = [];
  for (const message of messages) {
    if (message.role === "tool") {
      const known = toolResultsOf(message.parts).filter(({ call_id }) => open.some(({ id }) => id === call_id));
      open = open.filter(({ id }) => !known.some(({ call_id }) => call_id === id));
      if (known.length > 0) mended.push(known.length === message.parts.length ? message : { ...message, parts: known });
      continue;
    }
    if (open.length > 0) mended.push(lostResults(open));
    open = toolCallsOf(message.parts);
    mended.push(message);
  }
  return mended;
}

const lostResults = (open: readonly ToolCallPart[]): NewMessage => ({
  role: "tool",
  parts: open.map((call) => standInResult(call, LOST_RESULT)),
});
