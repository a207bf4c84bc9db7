import { sql } from "kysely";
import { messageBytes, messageColumns } from "#db/messages/message-columns.ts";
import type { MessagesTable } from "#db/run-tables.ts";
import { TenantQueries, TenantReads } from "#db/tenant-queries.ts";

export type MessageRow = MessagesTable;

/** Returns the messages from the root down to `headId`, in order. */
export async function selectMessagePath(queries: TenantReads, headId: string): Promise<readonly MessageRow[]> {
  const { tenantId } = queries;
  const { rows } = await sql<MessageRow>`
    with recursive path as (
      select id, parent_id from messages where id = ${headId} and tenant_id = ${tenantId}
      union all
      select messages.id, messages.parent_id from messages join path on messages.id = path.parent_id
      where messages.tenant_id = ${tenantId}
    )
    select ${messageColumns} from path join messages on messages.id = path.id`.execute(
    TenantReads.handleOf(queries).db,
  );
  // A recursion or an order over whole rows would copy their parts several times, which may be megabytes.
  return rows.toSorted((one, other) => one.depth - other.depth);
}

/** What can be known of a message without reading its parts. */
export interface MessageOutline {
  readonly id: string;
  readonly role: string;
  readonly run_id: string | null;
  /** The size of its parts in bytes. */
  readonly bytes: number;
  /** Its parts, if they hold the word that was asked for and are not stored in pieces. */
  readonly parts: string | null;
}

/**
 * Returns the outlines of the messages from the root down to `headId`, in order. Messages with `word` in them, in any
 * case, come with their parts.
 */
export async function selectPathOutline(
  queries: TenantReads,
  headId: string,
  word: string,
): Promise<readonly MessageOutline[]> {
  const { tenantId } = queries;
  const { rows } = await sql<MessageOutline>`
    with recursive path as (
      select id, parent_id, depth from messages where id = ${headId} and tenant_id = ${tenantId}
      union all
      select messages.id, messages.parent_id, messages.depth from messages join path on messages.id = path.parent_id
      where messages.tenant_id = ${tenantId}
    )
    select messages.id, messages.role, messages.run_id, ${messageBytes} as bytes,
      case when lower(messages.parts) like ${`%${word.toLowerCase()}%`} then messages.parts end as parts
    from path join messages on messages.id = path.id order by path.depth`.execute(TenantReads.handleOf(queries).db);
  return rows;
}

/**
 * Deletes the messages of a session, except those that its branches still use. The caller first deletes the session or
 * sets its `head_id` to null.
 */
export async function deleteMessagesOfSession(queries: TenantQueries, sessionId: string): Promise<void> {
  const { tenantId } = queries;
  await sql`
    with recursive kept as (
      select id, parent_id from messages
      where tenant_id = ${tenantId} and session_id = ${sessionId} and (
        id in (select head_id from sessions where tenant_id = ${tenantId} and head_id is not null)
        or id in (select parent_id from messages
                  where tenant_id = ${tenantId} and session_id <> ${sessionId} and parent_id is not null))
      union
      select messages.id, messages.parent_id from messages join kept on messages.id = kept.parent_id
      where messages.tenant_id = ${tenantId}
    )
    delete from messages
    where tenant_id = ${tenantId} and session_id = ${sessionId} and id not in (select id from kept)`.execute(
    TenantQueries.writerOf(queries).db,
  );
}
