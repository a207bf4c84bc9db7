const EDGES = /^[\s"'`´“”‘’«»*_~.,:;!?()[\]{}<>#-]+/u;
const TOKEN = "NO_REPLY";

/**
 * Returns true if an answer means that the agent stays silent. It begins with `NO_REPLY` in any case, not as part of a
 * longer word. Quotes, emphasis and punctuation around it are ignored.
 */
export function isSilentReply(text: string): boolean {
  const bare = text.slice(0, 200).replace(EDGES, "");
  if (bare.slice(0, TOKEN.length).toUpperCase() !== TOKEN) return false;
  return !/^[\p{L}\p{N}]/u.test(bare.slice(TOKEN.length));
}
