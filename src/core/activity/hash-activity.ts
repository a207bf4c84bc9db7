import { createHash } from "node:crypto";
import type { ActivityLogsTable } from "#db/record-tables.ts";

/** A row of the activity log with its place in its tenant's chain. */
export type ChainedActivity = Omit<ActivityLogsTable, "hash">;

/** What the chain of a tenant holds before its first row. */
export const CHAIN_START = "";

/** The fields of a row in the order in which they are hashed. */
const FIELDS = [
  "seq",
  "id",
  "tenant_id",
  "actor_type",
  "actor_id",
  "action",
  "entity_type",
  "entity_id",
  "details",
  "ip_address",
  "created_at",
] as const;

/** Returns the SHA-256 of a row and of the hash before it, in hex. Who changes a row changes every hash after it. */
export const hashActivity = (before: string, row: ChainedActivity): string =>
  createHash("sha256")
    .update(JSON.stringify([before, ...FIELDS.map((field) => row[field])]))
    .digest("hex");
