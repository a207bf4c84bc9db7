import { AppError } from "#base/errors.ts";
import { newId } from "#base/ids.ts";
import { countGarbage } from "#base/texts/count-garbage.ts";
import { holdsMuchText } from "#base/texts/holds-text.ts";
import { toJsonPieces } from "#base/texts/json-pieces.ts";
import { insertRow, insertRows } from "#db/insert-rows.ts";
import { IN_PIECES } from "#db/messages/message-columns.ts";
import type { MessagesTable } from "#db/run-tables.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { chunk, fromBit, fromJson, toBit, toJson } from "#db/values.ts";
import type {
  Message,
  MessagePart,
  NewMessage,
  Refusal,
  ToolCallPart,
  ToolResultPart,
} from "#runtime/transcript/message-parts.ts";
import { mediaOf, toolCallsOf, toolResultsOf } from "#runtime/transcript/message-parts.ts";

/** The last message of a transcript, below which new messages are appended. */
export interface Head {
  readonly id: string;
  readonly depth: number;
}

export interface AppendOptions {
  readonly sessionId: string;
  readonly runId: string | null;
  readonly now: string;
  readonly isComplete?: boolean;
}

/**
 * Throws INVALID_REQUEST if messages would break a transcript. This is a result without its call, a second result for a
 * call, or a turn after calls without results. `open` are the calls at the head that wait for their results.
 */
export function requireWholeTurns(open: readonly ToolCallPart[], messages: readonly NewMessage[]): void {
  const waiting = new Set(open.map(({ id }) => id));
  const answered = new Set<string>();
  for (const { role, parts } of messages) {
    if (role === "tool") {
      for (const { call_id: id } of toolResultsOf(parts)) {
        if (answered.has(id)) throw badMessages("error.duplicate_tool_result", id);
        if (!waiting.delete(id)) throw badMessages("error.unknown_tool_call", id);
        answered.add(id);
      }
      continue;
    }
    requireNone(waiting);
    for (const { id } of toolCallsOf(parts)) waiting.add(id);
  }
  requireNone(waiting);
}

function requireNone(waiting: ReadonlySet<string>): void {
  const [first] = waiting;
  if (first !== undefined) throw badMessages("error.missing_tool_result", first);
}

const badMessages = (
  key: "error.duplicate_tool_result" | "error.unknown_tool_call" | "error.missing_tool_result",
  id: string,
) => new AppError("INVALID_REQUEST", key, { id: id.slice(0, 100) }, { field: "messages" });

/** Merges consecutive tool messages, because a transcript holds all results of a turn in one message. */
export function mergeToolMessages(messages: readonly NewMessage[]): readonly NewMessage[] {
  const merged: NewMessage[] = [];
  for (const message of messages) {
    const last = merged.at(-1);
    if (message.role === "tool" && last?.role === "tool") {
      merged[merged.length - 1] = { role: "tool", parts: [...last.parts, ...message.parts] };
    } else {
      merged.push(message);
    }
  }
  return merged;
}

/** Stores messages as a chain below `head` and returns them. The caller moves the session's head. */
export async function appendMessages(
  queries: TenantQueries,
  head: Head | undefined,
  messages: readonly (NewMessage & { readonly id?: string })[],
  options: AppendOptions,
): Promise<readonly Message[]> {
  const chained = chainMessages(head, messages, options);
  await insertMessages(queries, options.sessionId, head, chained);
  return chained;
}

/** Builds the chain of new messages below `head`. It is not stored yet. */
export function chainMessages(
  head: Head | undefined,
  messages: readonly (NewMessage & { readonly id?: string })[],
  { runId, now, isComplete = true }: Omit<AppendOptions, "sessionId">,
): readonly Message[] {
  let parent = head?.id ?? null;
  return messages.map(({ id = newId(), role, parts }) => {
    const message = {
      id,
      parent_id: parent,
      role,
      // Safe: nobody changes stored parts in place.
      parts: parts as MessagePart[],
      run_id: runId,
      is_complete: isComplete,
      created_at: now,
    };
    parent = id;
    return message;
  });
}

/** A message with more text is stored in pieces, because SQLite copies a value three times. In UTF-16 code units. */
const STORED_WHOLE = 1_000_000;

/** The database keeps a prepared statement for each number of rows up to this. */
const ROWS_AT_ONCE = 8;

/** In UTF-16 code units. What smaller batches leave behind, such as those of usual chats, is left to the collector. */
const LARGE_BATCH = 8_192;

/** After this time in milliseconds, others have the event loop. */
const WRITING_MS = 8;

/** Stores the messages that `chainMessages` built below the same head. */
export async function insertMessages(
  queries: TenantQueries,
  sessionId: string,
  head: Head | undefined,
  messages: readonly Message[],
): Promise<void> {
  const firstDepth = head ? head.depth + 1 : 0;
  const long = messages.filter(({ parts }) => holdsMuchText(parts, STORED_WHOLE));
  const toRow = (message: Message, index: number) => ({
    id: message.id,
    session_id: sessionId,
    parent_id: message.parent_id,
    depth: firstDepth + index,
    role: message.role,
    parts: long.includes(message) ? IN_PIECES : toJson(message.parts),
    run_id: message.run_id,
    is_complete: toBit(message.is_complete),
    refused: null,
    created_at: message.created_at,
  });
  const restIfDue = createRests(queries);
  for (let from = 0; from < messages.length; from += ROWS_AT_ONCE) {
    const batch = messages.slice(from, from + ROWS_AT_ONCE);
    const rows = batch.map((message, index) => toRow(message, from + index));
    await insertRows(queries, "messages", rows);
    const length = rows.reduce((sum, { parts }) => sum + parts.length, 0);
    if (length > LARGE_BATCH) countGarbage(length);
    await restIfDue();
  }
  for (const { id, parts } of long) {
    let position = 0;
    for (const piece of toJsonPieces(parts)) {
      await insertRow(queries, "message_pieces", { message_id: id, position: position++, piece });
      await restIfDue();
    }
  }
  const blobs = messages.flatMap(({ id, parts }) => blobsOf(parts).map((blob) => ({ message_id: id, blob })));
  for (const batch of chunk(blobs, ROWS_AT_ONCE)) await insertRows(queries, "message_blobs", batch);
}

/** Returns a function that lets others have the event loop if a unit has had it for long. */
function createRests(queries: TenantQueries): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < WRITING_MS) return;
    await queries.rest();
    since = performance.now();
  };
}

/** Returns the blobs that parts name, each once. */
const blobsOf = (parts: readonly MessagePart[]): readonly string[] => [
  ...new Set(mediaOf(parts).map(({ blob }) => blob)),
];

export const toMessage = (row: Omit<MessagesTable, "tenant_id" | "session_id" | "depth">): Message => ({
  id: row.id,
  parent_id: row.parent_id,
  role: row.role as Message["role"],
  parts: fromJson<MessagePart[]>(row.parts),
  run_id: row.run_id,
  is_complete: fromBit(row.is_complete),
  ...(row.refused !== null && { refused: row.refused as Refusal }),
  created_at: row.created_at,
});

/** The result of a call that was interrupted or never started, and is not repeated. */
export const INTERRUPTED_RESULT = "[interrupted; outcome unknown; not repeated]";

/** Creates a result that replaces one that will never arrive. */
export const standInResult = ({ id, name }: Pick<ToolCallPart, "id" | "name">, text: string): ToolResultPart => ({
  type: "tool_result",
  call_id: id,
  name,
  text,
  is_error: true,
});
