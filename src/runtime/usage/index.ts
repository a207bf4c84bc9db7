// Usage as sums over time: counting ended runs once, and reading any window exactly.
// Owns the table `usage_rollups`.

export { countUsage, countUsageOf } from "#runtime/usage/count-usage.ts";
export { createRollUpJobs, createRollUpNudge } from "#runtime/usage/create-roll-up-jobs.ts";
export { MEASURES } from "#runtime/usage/fact-columns.ts";
export { type FactOptions, selectFacts, selectRequests } from "#runtime/usage/read-facts.ts";
export { QUARTER, QUARTERS_PER_DAY, type UsageWindow } from "#runtime/usage/window.ts";
