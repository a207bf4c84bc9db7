import type { Migration } from "#db/migrations/migration.ts";

/** Keeps the parts of a very long message in pieces. As one value, they would be in memory several times. */
export const messagePieces: Migration = {
  name: "0049-message-pieces",
  statements: [
    `create table message_pieces (
      tenant_id text not null references tenants (id) on delete cascade,
      message_id text not null references messages (id) on delete cascade,
      position integer not null, piece text not null,
      primary key (message_id, position))`,
    "create index message_pieces_of_tenant on message_pieces (tenant_id)",
  ],
};
