// Usage as sums over time: counting ended runs once, and reading any window exactly.
// Owns the tables `usage_rollups`, `usage_users` and `usage_rebuilds`.

export { countUsage, countUsageOf } from "#runtime/usage/count-usage.ts";
export { createRollUpJobs, createRollUpNudge } from "#runtime/usage/create-roll-up-jobs.ts";
export { MEASURES } from "#runtime/usage/fact-columns.ts";
export { type FactFilter, withFilter } from "#runtime/usage/fact-filter.ts";
export { type FactOptions, selectFacts } from "#runtime/usage/read-facts.ts";
export { countUsers, type UsagePlace } from "#runtime/usage/read-users.ts";
export { rebuildUsage } from "#runtime/usage/rebuild-usage.ts";
export {
  QUARTER,
  QUARTERS_PER_DAY,
  type QuarterRange,
  quartersAround,
  type TimeSpan,
  type UsageWindow,
} from "#runtime/usage/window.ts";
