import { MESSAGE_COLUMNS } from "#db/messages/message-columns.ts";
import { selectMessagePath } from "#db/messages/message-path.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { standInResult, toMessage } from "#runtime/transcript/append-messages.ts";
import {
  type Message,
  type NewMessage,
  type ToolCallPart,
  toolCallsOf,
  toolResultsOf,
} from "#runtime/transcript/message-parts.ts";

/** Reads the transcript that ends at `headId`, oldest message first. */
export async function readTranscript(queries: TenantReads, headId: string | null): Promise<readonly Message[]> {
  if (headId === null) return [];
  return (await selectMessagePath(queries, headId)).map(toMessage);
}

/** Reads the messages that runs wrote, oldest message of each run first. */
export async function readMessagesOfRuns(queries: TenantReads, runIds: readonly string[]): Promise<readonly Message[]> {
  const runs = await queries.selectFrom("runs").select("session_id").where("id", "in", runIds).execute();
  const sessionIds = [...new Set(runs.map(({ session_id }) => session_id))];
  // Messages are found by their session, because their runs are not indexed.
  const inSessions = queries.selectFrom("messages").select(MESSAGE_COLUMNS).where("session_id", "in", sessionIds);
  return (await inSessions.where("run_id", "in", runIds).orderBy("depth").execute()).map(toMessage);
}

/** The summary of the beginning of a session's transcript. */
export interface TranscriptSummary {
  readonly summary: string;
  readonly summary_until_id: string | null;
}

/**
 * Replaces the messages that a summary covers with one message that holds its text. Returns the transcript unchanged if
 * the last covered message is not in it, for example after a reset.
 */
export function applySummary(
  transcript: readonly Message[],
  { summary, summary_until_id }: TranscriptSummary,
): readonly Message[] {
  const covered = transcript.findIndex(({ id }) => id === summary_until_id);
  const last = transcript[covered];
  if (!last) return transcript;
  const text = `[Summary of the conversation so far]\n${summary}`;
  const standIn: Message = { ...last, parent_id: null, role: "user", parts: [{ type: "text", text }], run_id: null };
  return [standIn, ...transcript.slice(covered + 1)];
}

/** Returns the calls of the last turn that have no result yet. */
export function openCallsOf(messages: readonly NewMessage[]): readonly ToolCallPart[] {
  const lastTurn = messages.findLastIndex(({ role }) => role === "assistant");
  const answered = new Set(
    messages.slice(lastTurn + 1).flatMap(({ parts }) => toolResultsOf(parts).map(({ call_id }) => call_id)),
  );
  return toolCallsOf(messages[lastTurn]?.parts ?? []).filter(({ id }) => !answered.has(id));
}

const LOST_RESULT = "[no result was kept for this call]";

/**
 * Returns a transcript in which every call is followed by its one result, as models require. Calls without a result get
 * a stand-in, and results without a call are left out. The stored messages do not change.
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
