import { MESSAGE_COLUMNS } from "#db/messages/message-columns.ts";
import { type MessageOutline, selectPathOutline } from "#db/messages/message-path.ts";
import type { TenantReads } from "#db/tenant-queries.ts";
import { fromJson } from "#db/values.ts";
import { toMessage } from "#runtime/transcript/append-messages.ts";
import type { Message, MessagePart } from "#runtime/transcript/message-parts.ts";

/** A message of which only the outline was read. */
export interface OutlinedMessage extends Pick<MessageOutline, "id" | "bytes" | "run_id"> {
  readonly role: Message["role"];
  /** Undefined if they do not hold the word that was asked for. */
  readonly parts: readonly MessagePart[] | undefined;
}

/**
 * Reads the outlines of the transcript that ends at `headId`, oldest message first. Messages that hold `word` come with
 * their parts.
 */
export async function readOutline(
  queries: TenantReads,
  headId: string | null,
  word: string,
): Promise<readonly OutlinedMessage[]> {
  if (headId === null) return [];
  return (await selectPathOutline(queries, headId, word)).map(({ id, role, run_id, bytes, parts }) => ({
    id,
    run_id,
    bytes: Number(bytes),
    role: role as Message["role"],
    parts: parts === null ? undefined : fromJson<MessagePart[]>(parts),
  }));
}

/** Reads messages of one transcript, in the order of their depth. */
export async function readMessages(queries: TenantReads, ids: readonly string[]): Promise<readonly Message[]> {
  if (ids.length === 0) return [];
  const rows = await queries.selectFrom("messages").select(MESSAGE_COLUMNS).where("id", "in", ids).execute();
  // SQLite would copy whole rows in order to sort them.
  return rows.toSorted((one, other) => one.depth - other.depth).map(toMessage);
}
