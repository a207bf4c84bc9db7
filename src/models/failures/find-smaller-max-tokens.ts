const MENTIONS_MAX_TOKENS = /max[_ ]?(?:completion_|output_|new_)?tokens|maxOutputTokens/i;

/** Phrases in which providers state their output-token limit. Each pattern captures the number. */
const LIMIT_PATTERNS: readonly RegExp[] = [
  /supports? at most (\d+)/i,
  /less than or equal to \D{0,3}(\d+)/i,
  /must be at most (\d+)/i,
  /max(?:imum)?(?: allowed)?(?: value)?(?: is|:| of) \D{0,3}(\d+)/i,
  /range of max_tokens \w+(?: be)? \[\d+, ?(\d+)\]/i,
  /valid range[^[\d]{0,40}\[\d+, ?(\d+)\]/i,
  /> (\d+), which is the maximum allowed/i,
  /max_tokens > (\d+) must have stream/i,
  /cannot exceed (\d+)/i,
  /<= ?(\d+)/,
];
/** vLLM states its context window and the prompt's share of it. */
const ROOM = /> (\d+) - (\d+)\)/;
/** Google states the first number that is too large. */
const EXCLUSIVE_LIMIT = /to (\d+) \(exclusive\)/i;

/**
 * Returns the output-token limit stated in a refusal (status 400 or 422). Returns undefined if the refusal is about
 * something else, such as a prompt that leaves no room for output.
 */
export function findSmallerMaxTokens(status: number, text: string, requested: number | undefined): number | undefined {
  if (requested === undefined || (status !== 400 && status !== 422) || !MENTIONS_MAX_TOKENS.test(text))
    return undefined;
  const named = findNamedLimit(text);
  return named !== undefined && named >= 1 && named < requested ? named : undefined;
}

function findNamedLimit(text: string): number | undefined {
  const room = ROOM.exec(text);
  if (room) return Number(room[1]) - Number(room[2]);
  const exclusive = EXCLUSIVE_LIMIT.exec(text)?.[1];
  if (exclusive !== undefined) return Number(exclusive) - 1;
  for (const pattern of LIMIT_PATTERNS) {
    const limit = pattern.exec(text)?.[1];
    if (limit !== undefined) return Number(limit);
  }
  return undefined;
}
