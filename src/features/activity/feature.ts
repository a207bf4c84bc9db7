import { z } from "zod";
import { ACCESS } from "#core/access/access.ts";
import { verifyChain } from "#core/activity/verify-chain.ts";
import { defineOperation } from "#core/operation.ts";
import { aggregateActivity, listActivity } from "#features/activity/repository.ts";
import {
  ActivityBuckets,
  ActivityChain,
  ActivityPage,
  AggregateActivityInput,
  ListActivityInput,
} from "#features/activity/schema.ts";
import { defineFeature } from "#features/define-feature.ts";

const operations = [
  defineOperation({
    name: "activity.list",
    http: { method: "GET", path: "/v1/activity" },
    access: ACCESS.read,
    summary: "List who changed what, newest first",
    description:
      "Administrators see all of the tenant, other callers what they did themselves. `total` counts to 10,000.",
    input: ListActivityInput,
    output: ActivityPage,
    run: listActivity,
  }),
  defineOperation({
    name: "activity.verify",
    http: { method: "GET", path: "/v1/activity/verify" },
    access: { ...ACCESS.administer, rate: "run" },
    summary: "Verify that nobody changed the activity log",
    description:
      "Follows the chain of hashes through all of the tenant's entries. Keep `hash` elsewhere to prove it later.",
    input: z.object({}),
    output: ActivityChain,
    example: { input: {}, output: { is_whole: true, entries: 42, hash: "5f1d7a84db00d2fce00b31a7fc73224f" } },
    run: async (ctx) => {
      const { rows, hash, fault } = await verifyChain(ctx.db.read);
      return { is_whole: fault === undefined, entries: rows, hash, ...(fault && { fault }) };
    },
  }),
  defineOperation({
    name: "activity.aggregate",
    http: { method: "GET", path: "/v1/activity/aggregate" },
    access: ACCESS.read,
    summary: "Count changes by action, actor or kind of entity",
    description: "The most frequent first, each with the time of the latest change.",
    input: AggregateActivityInput,
    output: ActivityBuckets,
    run: aggregateActivity,
  }),
];

export const activityFeature = defineFeature({ name: "activity", operations });
