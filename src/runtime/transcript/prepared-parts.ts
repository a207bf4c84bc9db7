import { nextTurn } from "#base/threads/next-turn.ts";
import { toJson } from "#db/values.ts";
import type { MessagePart, NewMessage } from "#runtime/transcript/message-parts.ts";

/** In UTF-16 code units. It takes tens of milliseconds to write longer texts as JSON. */
const LARGE_TEXT = 1_000_000;

const prepared = new WeakMap<readonly MessagePart[], string>();

/** Writes large messages as JSON before the transaction that stores them. Between them, others get the event loop. */
export async function prepareMessages(messages: readonly NewMessage[]): Promise<void> {
  for (const { parts } of messages) {
    if (lengthOf(parts) < LARGE_TEXT) continue;
    prepared.set(parts, toJson(parts));
    await nextTurn();
  }
}

/** Returns parts as JSON. What was prepared is returned once, so that memory does not hold it any longer. */
export function takeJson(parts: readonly MessagePart[]): string {
  const json = prepared.get(parts) ?? toJson(parts);
  prepared.delete(parts);
  return json;
}

const lengthOf = (parts: readonly MessagePart[]): number =>
  parts.reduce((length, part) => length + ("text" in part ? part.text.length : 0), 0);
