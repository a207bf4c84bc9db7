import type { Migration } from "#db/migrations/migration.ts";

/**
 * Lets a quarter of an hour tell which of its users a longer time has seen before. Such times then count their users
 * without comparing all of them.
 */
export const usageVisits: Migration = {
  name: "0048-usage-visits",
  statements: [
    "alter table usage_users add column previous integer",
    "create index usage_users_visits on usage_users (tenant_id, user_id, bucket) where grain = 'time-quarter'",
    `update usage_users set previous = coalesce((select max(earlier.bucket) from usage_users earlier
      where earlier.tenant_id = usage_users.tenant_id and earlier.grain = 'time-quarter'
        and earlier.user_id = usage_users.user_id and earlier.bucket < usage_users.bucket), 0)
      where grain = 'time-quarter'`,
  ],
};
