const MOST_TOKENS = 100_000_000;

/** A provider's count of tokens; what cannot be one counts as nothing. */
export const toTokenCount = (value: unknown): number =>
  typeof value === "number" && Number.isInteger(value) && value > 0 && value <= MOST_TOKENS ? value : 0;
