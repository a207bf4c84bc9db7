import type { Migration } from "#db/migrations/migration.ts";

/** Says which messages name which blobs, so that a blob that nothing names any more can be found. */
export const messageBlobs: Migration = {
  name: "0029-message-blobs",
  statements: [
    `create table message_blobs (
      tenant_id text not null references tenants (id) on delete cascade,
      message_id text not null references messages (id) on delete cascade, blob text not null,
      primary key (message_id, blob))`,
    "create index message_blobs_of_tenant on message_blobs (tenant_id, blob)",
  ],
  own: {
    sqlite: [
      `insert into message_blobs (tenant_id, message_id, blob)
        select distinct m.tenant_id, m.id, json_extract(part.value, '$.blob')
        from messages m, json_each(m.parts) part
        where m.parts like '%"blob":"%' and json_extract(part.value, '$.blob') is not null`,
    ],
    postgres: [
      `insert into message_blobs (tenant_id, message_id, blob)
        select distinct m.tenant_id, m.id, part ->> 'blob'
        from messages m, jsonb_array_elements(m.parts::jsonb) part
        where m.parts like '%"blob":"%' and part ->> 'blob' is not null`,
    ],
  },
};
