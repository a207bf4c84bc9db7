import type { EffortNames } from "#models/quirks/quirks.ts";

/** Cannot be told not to reason. */
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
/** DeepSeek has no level between low and high. */
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
/** For servers that we know nothing of: what was asked for. */
export const AS_ASKED: EffortNames = {
  none: "none",
  minimal: "minimal",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "xhigh",
};
