import type { Migration } from "#db/migrations/migration.ts";

/** Stores all events of one transaction in one row. A chat has five events in two transactions. */
export const eventsByTransaction: Migration = {
  name: "0005-events-by-transaction",
  statements: [
    "alter table run_events rename to run_events_before",
    `create table run_events (
      run_id text not null references runs (id) on delete cascade, seq integer not null, tenant_id text not null,
      events text not null, created_at text not null, primary key (run_id, seq))`,
    `insert into run_events select run_id, seq, tenant_id,
      '[{"type":"' || type || case body when '{}' then '"' else '",' end || substr(body, 2) || ']', created_at
      from run_events_before`,
    "drop table run_events_before",
  ],
};
