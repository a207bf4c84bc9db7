import type { Migration } from "#db/migrations/migration.ts";

/**
 * Keeps how many parts a message to a chat has, which of them may be lost, and which go out again. Lists of messages get
 * indexes. Nobody knows which part of an earlier message is lost, so all of them count.
 */
export const channelOutbox: Migration = {
  name: "0044-channel-outbox",
  statements: [
    "alter table channel_outbound add column parts integer",
    "alter table channel_outbound add column lost_parts text not null default '[]'",
    "alter table channel_outbound add column repeat_parts text not null default '[]'",
    "alter table channel_outbound add column retried_at text",
    `update channel_outbound set lost_parts = '[' || substr('0,1,2,3,4,5,6,7,8,9', 1, 2 * parts_sent - 1) || ']'
      where parts_sent > 0 and error like 'outcome unknown%'`,
    "create index channel_outbound_instances on channel_outbound (instance_id, id)",
    "create index channel_outbound_states on channel_outbound (instance_id, state, id)",
  ],
};
