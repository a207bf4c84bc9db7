import type { EffortNames } from "#models/quirks/quirks.ts";

/** For models whose reasoning cannot be turned off. */
export const LOW_TO_HIGH: EffortNames = {
  none: "low",
  minimal: "low",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "high",
};
export const NONE_TO_HIGH: EffortNames = { ...LOW_TO_HIGH, none: "none" };
export const NONE_TO_XHIGH: EffortNames = { ...NONE_TO_HIGH, xhigh: "xhigh" };
export const MINIMAL_TO_HIGH: EffortNames = { ...LOW_TO_HIGH, none: "minimal", minimal: "minimal" };
export const NONE_MINIMAL_TO_HIGH: EffortNames = { ...MINIMAL_TO_HIGH, none: "none" };
export const LOW_OR_HIGH: EffortNames = { ...LOW_TO_HIGH, medium: "high" };
/** For DeepSeek, which has no level between low and high and uses a separate switch for `none`. */
export const LOW_OR_HIGH_ONLY_WHEN_ON: EffortNames = {
  minimal: "low",
  low: "low",
  medium: "high",
  high: "high",
  xhigh: "high",
};
export const NONE_OR_HIGH: EffortNames = {
  none: "none",
  minimal: "none",
  low: "high",
  medium: "high",
  high: "high",
  xhigh: "high",
};
export const NONE_OR_DEFAULT: EffortNames = {
  none: "none",
  minimal: "default",
  low: "default",
  medium: "default",
  high: "default",
  xhigh: "default",
};
/** For unknown servers: sends the requested effort unchanged. */
export const AS_REQUESTED: EffortNames = {
  none: "none",
  minimal: "minimal",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "xhigh",
};
