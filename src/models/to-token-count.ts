const MAX_TOKENS = 100_000_000;

/** Returns a provider's token count, or zero if the value is not a plausible count. */
export const toTokenCount = (value: unknown): number =>
  typeof value === "number" && Number.isInteger(value) && value > 0 && value <= MAX_TOKENS ? value : 0;
