import { wholeCharacterAt } from "#base/texts/cut-text.ts";
import { type Fence, findFence } from "#channels/text/find-fence.ts";

/** Where a text is cut, best first: between paragraphs, lines, sentences and words. */
const BREAKS = ["\n\n", "\n", ". ", "。", " "] as const;
/** A break in the first part of a piece would make many small ones. */
const EARLIEST = 0.3;

/**
 * Cuts Markdown into pieces of at most `maxChars`, a number above 50. It cuts between paragraphs where that is possible. A
 * block of code that is cut is closed in one piece and opened again in the next.
 */
export function splitMarkdown(text: string, maxChars: number): readonly string[] {
  const pieces: string[] = [];
  let rest = text;
  let open: Fence | undefined;
  while (rest.length > 0 || pieces.length === 0) {
    const head = open ? `${open.mark}${open.language}\n` : "";
    const whole = head + rest;
    if (whole.length <= maxChars) {
      pieces.push(whole);
      break;
    }
    // Space for the end of a block of code, whose mark is as long as the longest of them.
    const room = maxChars - head.length - 1 - longestMark(rest.slice(0, maxChars), open);
    const cut = findBreak(rest, room);
    const body = rest.slice(0, cut).trimEnd();
    const after = fenceAfter(body, open);
    pieces.push(`${head}${body}${after ? `\n${after.mark}` : ""}`);
    rest = after ? rest.slice(cut).replace(/^\n/, "") : rest.slice(cut).trimStart();
    open = after;
  }
  return pieces.filter((piece) => piece.trim() !== "");
}

const MAX_MARK = 16;

function longestMark(text: string, open: Fence | undefined): number {
  const marks = text.match(/^ {0,3}(?:`{3,}|~{3,})/gm) ?? [];
  return Math.min(MAX_MARK, Math.max(open?.mark.length ?? 0, ...marks.map((mark) => mark.trim().length)));
}

function findBreak(text: string, room: number): number {
  const earliest = Math.floor(room * EARLIEST);
  for (const separator of BREAKS) {
    const at = text.lastIndexOf(separator, room - separator.length);
    if (at >= earliest) return at + separator.length;
  }
  return wholeCharacterAt(text, room);
}

/** Returns the block of code that is open at the end of a text. */
function fenceAfter(text: string, before: Fence | undefined): Fence | undefined {
  let open = before;
  for (const line of text.split("\n")) {
    const fence = findFence(line);
    if (!fence) continue;
    if (!open) open = fence;
    else if (fence.mark.startsWith(open.mark) && fence.language === "") open = undefined;
  }
  return open;
}
