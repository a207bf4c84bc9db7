import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { aggregateActivity, listActivity } from "#features/activity/repository.ts";
import { ActivityBuckets, ActivityPage, AggregateActivityInput, ListActivityInput } from "#features/activity/schema.ts";
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
