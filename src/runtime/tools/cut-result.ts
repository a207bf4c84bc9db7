import { wholeCharacterAt } from "#base/cut-text.ts";

/** Kept for the sentence that stands where text was left out. */
const NOTE_CHARS = 100;
const HEAD_SHARE = 0.7;
/** How far a cut moves to fall at the end of a line. */
const REACH = 300;

/** Shortens text to `max` characters: its head, up to 30 % of its end, and how much is left out between them. */
export function cutResult(text: string, max: number): string {
  if (text.length <= max) return text;
  const room = Math.max(0, max - NOTE_CHARS);
  const headEnd = lineEndBefore(text, Math.floor(room * HEAD_SHARE));
  const tailStart = lineStartAfter(text, text.length - Math.floor(room * (1 - HEAD_SHARE)));
  const left = (tailStart - headEnd).toLocaleString("en-US");
  return `${text.slice(0, headEnd)}\n[… ${left} characters left out …]\n${text.slice(tailStart)}`;
}

/** The end of the last line that ends shortly before `index`, else `index`. */
function lineEndBefore(text: string, index: number): number {
  const end = text.lastIndexOf("\n", index - 1);
  return end >= index - REACH && end > 0 ? end : wholeCharacterAt(text, index);
}

function lineStartAfter(text: string, index: number): number {
  const start = text.indexOf("\n", index) + 1;
  return start > 0 && start <= index + REACH ? start : wholeCharacterAt(text, index);
}
