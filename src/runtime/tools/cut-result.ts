import { wholeCharacterAt } from "#base/texts/cut-text.ts";

/** The characters reserved for the note about omitted text. */
const NOTE_CHARS = 100;
/** The share of the kept text that is its beginning. */
export const HEAD_SHARE = 0.7;
/** The maximum number of characters that a cut moves to fall at the end of a line. */
const REACH = 300;

/**
 * Truncates the middle of a text to at most `max` characters. Keeps 70 % of the room for the beginning and 30 % for the
 * end. A note in between says how much is omitted.
 */
export function cutResult(text: string, max: number): string {
  if (text.length <= max) return text;
  const room = Math.max(0, max - NOTE_CHARS);
  const headEnd = lineEndBefore(text, Math.floor(room * HEAD_SHARE));
  const tailStart = lineStartAfter(text, text.length - Math.floor(room * (1 - HEAD_SHARE)));
  const omitted = (tailStart - headEnd).toLocaleString("en-US");
  return `${text.slice(0, headEnd)}\n[… ${omitted} characters left out …]\n${text.slice(tailStart)}`;
}

/** Returns the end of the last line that ends at most `REACH` characters before `index`. Falls back to `index`. */
function lineEndBefore(text: string, index: number): number {
  const end = text.lastIndexOf("\n", index - 1);
  return end >= index - REACH && end > 0 ? end : wholeCharacterAt(text, index);
}

function lineStartAfter(text: string, index: number): number {
  const start = text.indexOf("\n", index) + 1;
  return start > 0 && start <= index + REACH ? start : wholeCharacterAt(text, index);
}
