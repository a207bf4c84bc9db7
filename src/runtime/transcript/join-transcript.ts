import { MESSAGE_COLUMNS } from "#db/messages/message-columns.ts";
import type { TenantQueries, TenantReads } from "#db/tenant-queries.ts";
import {
  appendMessages,
  mergeToolMessages,
  requireWholeTurns,
  standInResult,
  toMessage,
} from "#runtime/transcript/append-messages.ts";
import {
  type Message,
  type NewMessage,
  type ToolCallPart,
  type ToolResultPart,
  toolCallsOf,
  toolResultsOf,
} from "#runtime/transcript/message-parts.ts";
import { growSession, type SessionRow } from "#runtime/transcript/session-store.ts";
import { readCallResults } from "#runtime/transcript/tool-call-store.ts";

const UNANSWERED = "[the caller went on without answering this call]";

/**
 * Appends a caller's messages below the session's head. If the head is a turn that waits for results, the results of
 * the gateway's own tools are added to the caller's. The caller sends results for all of its calls or for none. If it
 * sends none, its calls get stand-in results.
 */
export async function joinTranscript(
  queries: TenantQueries,
  session: Pick<SessionRow, "id" | "head_id">,
  messages: readonly NewMessage[],
  now: string,
): Promise<readonly Message[]> {
  const { head, whole } = await requireJoinable(queries, session.head_id, messages);
  const stored = await appendMessages(queries, head, whole, { sessionId: session.id, runId: null, now });
  await growSession(queries, session.id, { messages: stored }, now);
  return stored;
}

/** Checks whether messages fit below a head. Throws INVALID_REQUEST, like `joinTranscript`, and writes nothing. */
export async function requireJoinable(queries: TenantReads, headId: string | null, messages: readonly NewMessage[]) {
  const head = headId === null ? undefined : await readHead(queries, headId);
  const open = toolCallsOf(head?.message.parts ?? []);
  const turns = mergeToolMessages(messages);
  const whole = head && open.length > 0 ? answerFirst(open, await readCallResults(queries, head.id), turns) : turns;
  requireWholeTurns(open, whole);
  return { head, whole };
}

function answerFirst(
  open: readonly ToolCallPart[],
  gatewayResults: readonly ToolResultPart[],
  turns: readonly NewMessage[],
): readonly NewMessage[] {
  const [first, ...others] = turns;
  const isAnswered = first?.role === "tool";
  const callerResults = isAnswered ? toolResultsOf(first.parts) : [];
  const missing = open.filter(({ id }) => !gatewayResults.some(({ call_id }) => call_id === id));
  const results = isAnswered ? callerResults : missing.map((call) => standInResult(call, UNANSWERED));
  const named = results.map((result) => ({ ...result, name: nameOf(open, result) }));
  return [{ role: "tool", parts: [...gatewayResults, ...named] }, ...(isAnswered ? others : turns)];
}

const nameOf = (open: readonly ToolCallPart[], { call_id, name }: ToolResultPart) =>
  open.find(({ id }) => id === call_id)?.name ?? name;

async function readHead(queries: TenantReads, id: string) {
  const row = await queries.selectFrom("messages").select(MESSAGE_COLUMNS).where("id", "=", id).executeTakeFirst();
  return row && { id: row.id, depth: row.depth, message: toMessage(row) };
}
