const EDGES = /^[\s"'`´“”‘’«»*_~.,:;!?()[\]{}<>#-]+/u;
const TOKEN = "NO_REPLY";

/**
 * Whether an answer says that there is nothing to say: `NO_REPLY` in any case at its beginning, not as part of a longer
 * word, whatever quotes, emphasis or punctuation stand around it.
 */
export function isSilentReply(text: string): boolean {
  const bare = text.slice(0, 200).replace(EDGES, "");
  if (bare.slice(0, TOKEN.length).toUpperCase() !== TOKEN) return false;
  return !/^[\p{L}\p{N}]/u.test(bare.slice(TOKEN.length));
}
