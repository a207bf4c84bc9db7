import { MESSAGE_COLUMNS } from "#db/messages/message-columns.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { appendMessages, INTERRUPTED_RESULT, standInResult, toMessage } from "#runtime/transcript/append-messages.ts";
import { type NewMessage, toolCallsOf } from "#runtime/transcript/message-parts.ts";
import { growSession, lockSessionById } from "#runtime/transcript/session-store.ts";
import { readToolCalls, storeCallResult } from "#runtime/transcript/tool-call-store.ts";

/**
 * Appends results for the tool calls of a run's last turn. A call without a result gets a stand-in, because the
 * transcript would otherwise refuse every later message.
 */
export async function closeOpenCalls(
  queries: TenantQueries,
  sessionId: string,
  runId: string,
  now: string,
): Promise<void> {
  const session = await lockSessionById(queries, sessionId);
  if (!session || session.head_id === null) return;
  const row = await queries
    .selectFrom("messages")
    .select(MESSAGE_COLUMNS)
    .where("id", "=", session.head_id)
    .executeTakeFirst();
  if (!row || row.run_id !== runId || toolCallsOf(toMessage(row).parts).length === 0) return;
  const calls = await readToolCalls(queries, row.id);
  const results = calls.map((call) => call.result ?? standInResult(call, INTERRUPTED_RESULT));
  for (const call of calls) {
    const result = results.find(({ call_id }) => call_id === call.id);
    if (!call.result && result) await storeCallResult(queries, "unknown", result, now);
  }
  const head = { id: row.id, depth: row.depth };
  const message: NewMessage = { role: "tool", parts: results };
  const stored = await appendMessages(queries, head, [message], { sessionId, runId, now });
  await growSession(queries, sessionId, { messages: stored }, now);
}
