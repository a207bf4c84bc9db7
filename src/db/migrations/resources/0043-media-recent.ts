import type { Migration } from "#db/migrations/migration.ts";

/** Administrators list the uploads of all users by their time. */
export const mediaRecent: Migration = {
  name: "0043-media-recent",
  statements: ["create index media_recent on media (tenant_id, created_at)"],
};
