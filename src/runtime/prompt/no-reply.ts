const EDGES = /^[\s"'`´“”‘’«»*_~.,:;!?()[\]{}<>#-]+/u;
/** What an agent answers that stays silent. */
export const SILENT_REPLY = "NO_REPLY";

/**
 * Returns true if an answer means that the agent stays silent. It begins with `NO_REPLY` in any case, not as part of a
 * longer word. Quotes, emphasis and punctuation around it are ignored.
 */
export function isSilentReply(text: string): boolean {
  const bare = text.slice(0, 200).replace(EDGES, "");
  if (bare.slice(0, SILENT_REPLY.length).toUpperCase() !== SILENT_REPLY) return false;
  return !/^[\p{L}\p{N}]/u.test(bare.slice(SILENT_REPLY.length));
}
