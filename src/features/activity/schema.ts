import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { limitField, longPageFields, pageOf, Timestamp, windowFields } from "#core/wire.ts";

export const ActivityLog = z
  .object({
    id: z.string(),
    actor_type: z.string().describe("`user`, `api_key`, `gateway` or `system`"),
    actor_id: z.string(),
    action: z.string().describe("Such as `agent.created`"),
    entity_type: z.string(),
    entity_id: z.string(),
    details: z.unknown().describe("What changed, without secrets"),
    ip_address: z.string().optional(),
    created_at: Timestamp,
  })
  .meta({ id: "ActivityLog", description: "Something that somebody changed" });
export type ActivityLog = z.infer<typeof ActivityLog>;

export const ActivityPage = pageOf("logs", ActivityLog).meta({ id: "ActivityPage" });

const Exact = z.string().max(512).optional();
const filters = {
  actor_type: Exact,
  actor_id: Exact,
  action: Exact,
  entity_type: Exact,
  entity_id: Exact,
  ...windowFields,
};

export const ListActivityInput = z.object({ ...filters, ...longPageFields });
export type ListActivityInput = z.infer<typeof ListActivityInput>;

const GROUPS = ["action", "actor_type", "entity_type", "actor_id"] as const;
export const AggregateActivityInput = z.object({
  group_by: z.enum(GROUPS).default("action").describe("`actor_id` is for administrators"),
  ...filters,
  limit: limitField(LIMITS.longListDefault),
});
export type AggregateActivityInput = z.infer<typeof AggregateActivityInput>;

export const ActivityBuckets = z
  .object({
    source: z.literal("activity"),
    group_by: z.enum(GROUPS),
    total: z.int().describe("How many groups there are"),
    limit: z.int(),
    buckets: z.array(z.object({ key: z.string(), count: z.int(), last_seen: Timestamp })),
    from: z.string().optional(),
    to: z.string().optional(),
  })
  .meta({ id: "ActivityBuckets" });
export type ActivityBuckets = z.infer<typeof ActivityBuckets>;

export const ActivityChain = z
  .object({
    is_whole: z.boolean(),
    entries: z.int().describe("How many entries the log has, up to the fault where there is one"),
    hash: z.string().describe("The hash of the last entry that is as it was written"),
    fault: z
      .object({
        kind: z
          .enum(["missing", "changed", "end"])
          .describe("Entries were taken out, one is not as it was written, or entries were taken from the end"),
        seq: z.int().describe("The number of the entry"),
      })
      .optional(),
  })
  .meta({ id: "ActivityChain" });
