import type { NewMessage } from "#runtime/message-parts.ts";

const KEPT = 4;

/**
 * How many messages from the beginning a summary may take over. The last four stay, and more where a turn with tool
 * calls would be torn from its results; 0 when nothing is left to summarise.
 */
export function findCut(messages: readonly NewMessage[]): number {
  let cut = Math.max(0, messages.length - KEPT);
  while (messages[cut]?.role === "tool") cut--;
  return Math.max(0, cut);
}
