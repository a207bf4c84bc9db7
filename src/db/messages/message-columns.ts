import { sql } from "kysely";

/** What `messages.parts` holds if the parts are in `message_pieces`. */
export const IN_PIECES = "";

const parts = sql<string>`case when messages.parts <> ${sql.lit(IN_PIECES)} then messages.parts else coalesce((
  select string_agg(piece, '' order by position) from message_pieces
  where message_pieces.message_id = messages.id and message_pieces.tenant_id = messages.tenant_id), '') end`;

/** The columns of a message, with its parts as one JSON text also where they are stored in pieces. */
export const MESSAGE_COLUMNS = [
  "messages.id",
  "messages.tenant_id",
  "messages.session_id",
  "messages.parent_id",
  "messages.depth",
  "messages.role",
  parts.as("parts"),
  "messages.run_id",
  "messages.is_complete",
  "messages.refused",
  "messages.created_at",
] as const;

/** The same columns for a statement in SQL. */
export const messageColumns = sql.join(
  MESSAGE_COLUMNS.map((column) => (typeof column === "string" ? sql.ref(column) : sql`${parts} as parts`)),
);

/** The size of a message's parts as JSON, in bytes. */
export const messageBytes = sql<number>`case when messages.parts <> ${sql.lit(IN_PIECES)} then
  octet_length(messages.parts) else (select sum(octet_length(piece)) from message_pieces
  where message_pieces.message_id = messages.id and message_pieces.tenant_id = messages.tenant_id) end`;
