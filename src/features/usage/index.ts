export { usageFeature } from "#features/usage/feature.ts";
export { summariseUsage } from "#features/usage/summarise-usage.ts";
