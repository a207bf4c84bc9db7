import { BoundedCache } from "#base/caches/bounded-cache.ts";
import type { Scrubber } from "#base/scrub-credentials.ts";
import { headOf, tailOf } from "#base/texts/cut-text.ts";

/** Shows the beginning and the end of a text in a trace, without credentials and without the bytes of files. */
export type Previewer = (text: string) => string;

export interface PreviewerOptions {
  /** The longest preview, in UTF-16 code units. Longer texts are cut in the middle. */
  readonly chars: number;
  readonly scrubber: Scrubber;
}

/** A credential that begins in the part that is shown ends within this many characters, or consists of lines. */
export const PREVIEW_MARGIN = 1_024;
/** A line break, as it is or in JSON. */
const BREAK = "(?:\\r?\\n|\\\\n)";
/** The encoded bytes of an image, a file or a private key: one long word, or several lines of equal length. */
const BYTES = new RegExp(
  [
    "(?:data:[\\w.+/-]{1,100};base64,)?[A-Za-z0-9+/_-]{256,}={0,2}",
    `[A-Za-z0-9+/]{0,76}(?:${BREAK}[A-Za-z0-9+/]{60,76}){2,}(?:${BREAK}[A-Za-z0-9+/]{1,76}={0,2})?`,
  ].join("|"),
  "g",
);
/** All of them have a word of this length. Most texts have none, and this is found out faster. */
const LONG_WORD = 60;
const WORD = /[A-Za-z0-9+/_-]/;
const CUT = " […] ";
/** The beginnings of prompts, which are the same in all calls of an agent. */
const KEPT_BEGINNINGS = 200;

export function createPreviewer({ chars, scrubber }: PreviewerOptions): Previewer {
  const beginnings = new BoundedCache<string, string>({ max: KEPT_BEGINNINGS });
  const withoutBytes = (text: string) => (hasLongWord(text) ? text.replaceAll(BYTES, "[data]") : text);
  const clean = (text: string) => scrubber.scrub(withoutBytes(text), []);
  const cleanBeginning = (text: string) => {
    const known = beginnings.get(text);
    if (known !== undefined) return known;
    const cleaned = clean(text);
    beginnings.set(text, cleaned);
    return cleaned;
  };
  const shown = Math.max(0, Math.floor((chars - CUT.length) / 2));
  return (text) => {
    const isShort = text.length <= chars + 2 * PREVIEW_MARGIN;
    const whole = isShort ? clean(text) : undefined;
    if (whole !== undefined && whole.length <= chars) return whole.toWellFormed();
    // Cleaning a long text as a whole would take too long, so its two ends are cleaned with a margin.
    const begin = whole ?? cleanBeginning(headOf(text, shown + PREVIEW_MARGIN));
    const end = whole ?? clean(tailOf(text, shown + PREVIEW_MARGIN));
    return `${headOf(begin, shown)}${CUT}${tailOf(end, shown)}`.toWellFormed();
  };
}

/** Looks at the ends of possible words alone, as far as they are none. */
function hasLongWord(text: string): boolean {
  for (let end = LONG_WORD - 1; end < text.length; ) {
    let start = end;
    while (start > end - LONG_WORD && WORD.test(text.charAt(start))) start--;
    if (start === end - LONG_WORD) return true;
    end = start + LONG_WORD;
  }
  return false;
}
